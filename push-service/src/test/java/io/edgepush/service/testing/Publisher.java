package io.edgepush.service.testing;

import io.edgepush.hub.client.Json;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A backend that publishes through the REST API of a node, each event with a number of its own as data, and notes in the
 * ledger what was stored. A refused publish fails the test. Safe for any thread.
 */
public final class Publisher {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final TestNode node;
  private final Ledger ledger;

  /** A backend that knows one node. */
  public Publisher(TestNode node, Ledger ledger) {
    this.node = node;
    this.ledger = ledger;
  }

  /** Publishes one event. */
  public EventId publish(Topic topic) {
    return publish(List.of(topic)).getFirst();
  }

  /** Publishes several events to a topic, in one request. */
  public List<EventId> publish(Topic topic, int count) {
    return publish(LongStream.range(0, count).mapToObj(i -> topic).toList());
  }

  /** Publishes an event to each of the topics, at most 1,000, in one request. */
  public List<EventId> publish(List<Topic> topics) {
    long first = NUMBERS.getAndAdd(topics.size());
    List<String> events = new ArrayList<>(topics.size());
    for (int i = 0; i < topics.size(); i++) {
      events.add("{\"topic\":\"" + topics.get(i) + "\",\"data\":" + (first + i) + "}");
    }
    String body = events.stream().collect(Collectors.joining(",", "[", "]"));
    HttpResponse<byte[]> answer =
        send("/v1/events", HttpRequest.newBuilder().header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
    @SuppressWarnings("unchecked") // a parsed array
    List<Object> outcomes = (List<Object>) Json.read(answer.body());
    List<EventId> ids = new ArrayList<>(topics.size());
    for (int i = 0; i < topics.size(); i++) {
      EventId id = id(Json.asObject(outcomes.get(i)));
      ledger.published(topics.get(i), id, first + i);
      ids.add(id);
    }
    return ids;
  }

  /** Publishes bytes as they are. */
  public EventId publish(Topic topic, String contentType, byte[] data) {
    HttpResponse<byte[]> answer =
        send("/v1/topics/" + topic, HttpRequest.newBuilder().header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(data)));
    return id(Json.object(answer.body()));
  }

  /** Publishes an event object. */
  public EventId publishObject(String event) {
    HttpResponse<byte[]> answer =
        send("/v1/events", HttpRequest.newBuilder().header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event)));
    return id(Json.object(answer.body()));
  }

  /** Drops a topic's history. */
  public void purge(Topic topic) {
    send("/v1/topics/" + topic + "/events", HttpRequest.newBuilder().DELETE());
  }

  private static EventId id(Map<String, Object> outcome) {
    return EventId.parse(Json.string(outcome, "id"));
  }

  private HttpResponse<byte[]> send(String path, HttpRequest.Builder request) {
    URI uri = URI.create("http://127.0.0.1:" + node.privatePort() + path);
    try {
      HttpResponse<byte[]> answer =
          CLIENT.send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() / 100 != 2 || answer.statusCode() == 207) {
        throw new AssertionError(path + " was answered " + answer.statusCode() + " " + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
