package io.edgepush.fallbacks;

import io.edgepush.access.Principal;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.hub.Outbox;
import io.edgepush.hub.Session;
import io.edgepush.hub.SubscribeRequest;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.Start;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * {@code GET /subscribe} as long-poll. Each poll is a session of its own that lives as long as its
 * request; between two polls the service keeps nothing.
 */
public final class LongPollRoute {
  private static final long UNAVAILABLE_RETRY_MS = 1_000;

  private final Hub hub;
  private final ClientCommands commands;

  /** A route over a hub. */
  public LongPollRoute(Hub hub, ClientCommands commands) {
    this.hub = hub;
    this.commands = commands;
  }

  /**
   * Answers one poll; blocks the request's virtual thread for as long as it waits.
   *
   * @param peer the client's address
   * @param caller who asks; its {@link ProblemException} refuses the poll
   */
  public void answer(
      ServerRequest request, ServerResponse response, String peer, Supplier<Principal> caller)
      throws InterruptedException {
    try {
      SubscribeRequest asked = SubscribeHttp.request(request.query(), request.headers(), true);
      Principal who = caller.get();
      commands.requireSubscribe(who, asked.topics());
      poll(asked, who, peer, response);
    } catch (ProblemException e) {
      HttpProblems.send(response, e.problem());
    }
  }

  private void poll(SubscribeRequest asked, Principal who, String peer, ServerResponse response)
      throws InterruptedException {
    PollTransport transport = new PollTransport();
    Outbox outbox = hub.outbox(transport, transport::wake);
    Session session = hub.open(who, peer, outbox);
    boolean drained;
    try {
      hub.subscribe(session, asked.topics(), asked.start(), ServerMessage.NO_REF, true);
      transport.collect(
          outbox, asked.start() instanceof Start.Behind ? asked.pollWait() : Duration.ZERO);
      drained = outbox.isClosing();
      hub.heartbeat(session); // what came so far, and the cursor behind it
      transport.take(outbox);
    } finally {
      session.end(CloseReason.NORMAL);
    }
    if (transport.cursor().isEmpty()) {
      throw Problem.retryable(
              Problem.Code.UNAVAILABLE, "the node can not serve now", UNAVAILABLE_RETRY_MS)
          .exception();
    }
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    if (drained) {
      long seconds = hub.returnDelay().toSeconds() + 1;
      response.header(HeaderNames.RETRY_AFTER, Long.toString(seconds));
    }
    response.send(transport.answer());
  }
}
