package io.edgepush.service.edge;

import java.time.Duration;

/**
 * How long a listener waits for its clients.
 *
 * @param request for the head of a request, and for the next part of an answer to be taken
 * @param idle for the next request of a connection
 * @param streams whether a body may come for as long as it goes on coming, {@code request} from one
 *     part to the next; otherwise it has to be there in the time of its head
 */
public record Patience(Duration request, Duration idle, boolean streams) {}
