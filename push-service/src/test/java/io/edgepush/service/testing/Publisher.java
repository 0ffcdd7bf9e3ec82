package io.edgepush.service.testing;

import static org.awaitility.Awaitility.await;

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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A backend that publishes through the REST API of a node, each event with a number of its own as
 * data, and notes in the ledger what was stored. A refused publish fails the test. Safe for any
 * thread.
 */
public final class Publisher {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final TestNode node;
  private final Ledger ledger;
  private final String key;

  /** A backend that knows one node, which asks for no key. */
  public Publisher(TestNode node, Ledger ledger) {
    this(node, ledger, "");
  }

  /** A backend with a key. */
  public Publisher(TestNode node, Ledger ledger, String key) {
    this.key = key;
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
    return stored(topics, first, accepted(send("/v1/events", events(topics, first))));
  }

  /** The same, repeated until the store takes it. */
  public List<EventId> publishAtLast(List<Topic> topics) {
    long first = NUMBERS.getAndAdd(topics.size());
    AtomicReference<HttpResponse<byte[]>> answer = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(UncheckedIOException.class)
        .until(
            () -> {
              answer.set(send("/v1/events", events(topics, first)));
              return answer.get().statusCode() == 200;
            });
    return stored(topics, first, answer.get());
  }

  private static HttpRequest.Builder events(List<Topic> topics, long first) {
    List<String> events = new ArrayList<>(topics.size());
    for (int i = 0; i < topics.size(); i++) {
      String number = Long.toString(first + i);
      events.add(
          "{\"topic\":\""
              + topics.get(i)
              + "\",\"id\":\"n"
              + number
              + "\",\"data\":"
              + number
              + "}");
    }
    String body = events.stream().collect(Collectors.joining(",", "[", "]"));
    return HttpRequest.newBuilder()
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private List<EventId> stored(List<Topic> topics, long first, HttpResponse<byte[]> answer) {
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
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(data));
    return id(Json.object(accepted(send("/v1/topics/" + topic, request)).body()));
  }

  /** Publishes an event object. */
  public EventId publishObject(String event) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event));
    return id(Json.object(accepted(send("/v1/events", request)).body()));
  }

  /** Drops a topic's history. */
  public void purge(Topic topic) {
    accepted(send("/v1/topics/" + topic + "/events", HttpRequest.newBuilder().DELETE()));
  }

  private static EventId id(Map<String, Object> outcome) {
    return EventId.parse(Json.string(outcome, "id"));
  }

  private static HttpResponse<byte[]> accepted(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200 && answer.statusCode() != 204) {
      String body = new String(answer.body(), StandardCharsets.UTF_8);
      throw new AssertionError(answer.uri() + " was answered " + answer.statusCode() + " " + body);
    }
    return answer;
  }

  private HttpResponse<byte[]> send(String path, HttpRequest.Builder request) {
    URI uri = URI.create("http://127.0.0.1:" + node.privatePort() + path);
    try {
      request.uri(uri);
      if (!key.isEmpty()) {
        request.setHeader("Authorization", "Bearer " + key);
      }
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
