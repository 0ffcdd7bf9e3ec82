package io.edgepush.service.faults;

import io.edgepush.hub.client.Json;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One publisher: a few events a request, one request after the other, repeated with the same ids
 * until all are stored. So the numbers of a topic's events are the order in which they are stored.
 */
final class PressLane {
  /** How long a request may take; a service that fails fast never needs it. */
  static final Duration PATIENCE = Duration.ofSeconds(6);

  private static final int EVENTS = 10;
  private static final int BURST = 100;
  private static final int BURST_IN = 50;
  private static final long LONGEST_PAUSE_MS = 100;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final Ledger ledger;
  private final List<Topic> topics;
  private final Nodes nodes;
  private final Pace pace;
  private final Consumer<Answer> answers;
  private final long[] next;
  private final Thread thread = Thread.ofVirtual().name("press").unstarted(this::run);
  private volatile boolean finishing;
  private volatile boolean stopped;
  private int place;

  /** What was said to a request that was not answered with 200. */
  record Answer(int status, boolean unknown, boolean hasRetryAfter, long tookMs) {}

  /** How many events a second, and what is random about them. */
  record Pace(double perSecond, Random random) {}

  private record Numbered(int topic, long number) {}

  /**
   * Does not publish yet.
   *
   * @param place the number of its first node
   * @param answers gets those but 200
   */
  PressLane(
      Ledger ledger,
      List<Topic> topics,
      Nodes nodes,
      int place,
      Pace pace,
      Consumer<Answer> answers) {
    this.ledger = ledger;
    this.topics = topics;
    this.nodes = nodes;
    this.place = place;
    this.pace = pace;
    this.answers = answers;
    this.next = new long[topics.size()];
  }

  void start() {
    thread.start();
  }

  void finish() {
    finishing = true;
  }

  void stop() {
    stopped = true;
  }

  void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long due = System.nanoTime();
    while (!finishing && !stopped) {
      int events = pace.random().nextInt(BURST_IN) == 0 ? BURST : EVENTS;
      publish(batch(events));
      // What a fault held up is not made up for: the rate stays steady.
      due = Math.max(due + (long) (EVENTS / pace.perSecond() * 1e9), System.nanoTime());
      pause(due);
    }
    if (!stopped) {
      publish(last());
    }
  }

  /** A run of events of one topic, or of two. */
  private List<Numbered> batch(int events) {
    int one = pace.random().nextInt(topics.size());
    int other = pace.random().nextInt(topics.size());
    List<Numbered> batch = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      int topic = pace.random().nextBoolean() ? one : other;
      batch.add(new Numbered(topic, next[topic]++));
    }
    return batch;
  }

  private List<Numbered> last() {
    List<Numbered> batch = new ArrayList<>(topics.size());
    for (int topic = 0; topic < topics.size(); topic++) {
      batch.add(new Numbered(topic, next[topic]++));
    }
    return batch;
  }

  private void publish(List<Numbered> batch) {
    String body = batch.stream().map(this::json).collect(Collectors.joining(",", "[", "]"));
    while (!stopped && !tryPublish(batch, body)) {
      place++;
    }
  }

  private String json(Numbered event) {
    Topic topic = topics.get(event.topic());
    return "{\"topic\":\"%s\",\"id\":\"%s-%d\",\"data\":%d}"
        .formatted(topic, topic, event.number(), event.number());
  }

  private boolean tryPublish(List<Numbered> batch, String body) {
    URI uri = URI.create("http://127.0.0.1:" + nodes.privatePort(place) + "/v1/events");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    long began = System.nanoTime();
    try {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == 200) {
        stored(batch, answer.body());
        return true;
      }
      failed(batch, answer, (System.nanoTime() - began) / 1_000_000);
    } catch (ConnectException _) {
      ledger.refused(batch.size()); // nobody listens there
      pause(System.nanoTime() + Duration.ofMillis(LONGEST_PAUSE_MS).toNanos());
    } catch (IOException _) {
      ledger.unknown(batch.size());
      answers.accept(new Answer(0, true, false, (System.nanoTime() - began) / 1_000_000));
      pause(System.nanoTime() + Duration.ofMillis(LONGEST_PAUSE_MS).toNanos());
    } catch (InterruptedException _) {
      stopped = true;
    }
    return false;
  }

  private void stored(List<Numbered> batch, byte[] body) {
    @SuppressWarnings("unchecked") // a parsed array
    List<Object> outcomes = (List<Object>) Json.read(body);
    for (int i = 0; i < batch.size(); i++) {
      Map<String, Object> outcome = Json.asObject(outcomes.get(i));
      EventId id = EventId.parse(Json.string(outcome, "id"));
      boolean duplicate = outcome.containsKey("duplicate");
      ledger.stored(topics.get(batch.get(i).topic()), batch.get(i).number(), id, duplicate);
    }
  }

  /** A call of the store takes a request of one partition as a whole or not at all. */
  private void failed(List<Numbered> batch, HttpResponse<byte[]> answer, long tookMs) {
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    boolean unknown = answer.statusCode() != 503 || !text.contains("the event was not stored");
    if (unknown) {
      ledger.unknown(batch.size());
    } else {
      ledger.refused(batch.size());
    }
    boolean retryAfter = answer.headers().firstValue("Retry-After").isPresent();
    answers.accept(new Answer(answer.statusCode(), unknown, retryAfter, tookMs));
    int at = text.indexOf("\"retryAfterMs\":");
    long ms = at < 0 ? LONGEST_PAUSE_MS : digits(text, at + 15);
    pause(System.nanoTime() + Duration.ofMillis(Math.min(ms, LONGEST_PAUSE_MS)).toNanos());
  }

  private static long digits(String text, int from) {
    int to = from;
    while (Character.isDigit(text.charAt(to))) {
      to++;
    }
    return Long.parseLong(text, from, to, 10);
  }

  /** The load's own pace, not a wait for something. */
  private void pause(long until) {
    for (long left = until - System.nanoTime();
        left > 0 && !stopped;
        left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
