package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Calls the publishing script. A list becomes one call for each partition, or several if it is
 * long, of which each waits for the one before it, so that the order of the list holds whatever
 * fails in between.
 */
final class Publisher {
  private static final byte[] GIVEN_MS = Keys.bytes("300000");
  private static final byte[] MADE_MS = Keys.bytes("30000");
  private static final byte[] CHECK_MS = Keys.bytes("1000");
  private static final byte[] ZERO = Keys.bytes("0");
  private static final Policy CHECK = Policy.of(new Retention(java.time.Duration.ZERO, 0, 0));

  /** A call blocks the server: at most so many events, and so many bytes unless one has more. */
  private static final int MOST_EVENTS = 128;

  private static final int MOST_BYTES = 256 << 10;

  private final Keys keys;
  private final Pipeline pipeline;
  private final long timeoutNanos;
  private final Function<Topic, Retention> retention;
  private final Map<Retention, Policy> policies = new ConcurrentHashMap<>();

  private record Entry(Publication publication, CompletableFuture<Published> answer) {}

  Publisher(Keys keys, Pipeline pipeline, long timeoutNanos, Function<Topic, Retention> retention) {
    this.keys = keys;
    this.pipeline = pipeline;
    this.timeoutNanos = timeoutNanos;
    this.retention = retention;
  }

  List<CompletableFuture<Published>> publish(List<Publication> publications) {
    long deadline = System.nanoTime() + timeoutNanos;
    List<CompletableFuture<Published>> answers = new ArrayList<>(publications.size());
    Map<Integer, List<Entry>> byPartition = new TreeMap<>();
    for (Publication publication : publications) {
      CompletableFuture<Published> answer = new CompletableFuture<>();
      answers.add(answer);
      byPartition
          .computeIfAbsent(keys.partition(publication.topic()), _ -> new ArrayList<>())
          .add(new Entry(publication, answer));
    }
    byPartition.forEach((partition, entries) -> publish(partition, entries, 0, deadline));
    return answers;
  }

  private void publish(int partition, List<Entry> entries, int from, long deadline) {
    List<byte[]> names = new ArrayList<>();
    List<byte[]> arguments = new ArrayList<>();
    names.add(keys.clock(partition));
    arguments.add(RandomText.epoch());
    int bytes = 0;
    int end = from;
    while (end < entries.size()
        && end - from < MOST_EVENTS
        && (end == from || bytes < MOST_BYTES)) {
      bytes += add(partition, entries.get(end).publication(), names, arguments);
      end++;
    }
    int calls = names.size();
    names.addAll(arguments);
    List<Entry> called = entries.subList(from, end);
    int next = end;
    Command command = Command.call(Script.PUBLISH, calls, names, deadline);
    pipeline
        .send(command)
        .whenComplete(
            (reply, failure) -> {
              answer(partition, called, reply, failure);
              if (next < entries.size()) {
                publish(partition, entries, next, deadline);
              }
            });
  }

  private int add(
      int partition, Publication publication, List<byte[]> names, List<byte[]> arguments) {
    Topic topic = publication.topic();
    names.add(keys.stream(partition, topic));
    names.add(keys.last(partition, topic));
    names.add(keys.idempotency(partition, topic, publication.idempotencyKey()));
    int size = publication.content().data().length;
    Policy policy = policies.computeIfAbsent(retention.apply(topic), Policy::of);
    byte[] body = EventBody.encode(publication.content());
    byte[] lifetime = publication.keyGiven() ? GIVEN_MS : MADE_MS;
    byte[] channel = Keys.bytes(keys.channel(partition, topic));
    addEvent(arguments, channel, lifetime, policy, size, body);
    return body.length;
  }

  private static void addEvent(
      List<byte[]> arguments,
      byte[] channel,
      byte[] lifetime,
      Policy policy,
      int size,
      byte[] body) {
    arguments.add(channel);
    arguments.add(lifetime);
    arguments.add(policy.how(size));
    arguments.add(policy.events());
    arguments.add(policy.trimAt());
    arguments.add(size == 0 ? ZERO : Keys.bytes(Integer.toString(size)));
    arguments.add(policy.seldom());
    arguments.add(body);
  }

  private static void answer(int partition, List<Entry> entries, Object reply, Throwable failure) {
    List<Published> published = List.of();
    BackplaneException why = null;
    try {
      if (failure == null) {
        published = published(partition, entries, (byte[]) reply);
      } else {
        why = Faults.of(failure);
      }
    } catch (RuntimeException e) {
      why = new BackplaneException("an answer that was not expected", e, true, 0);
    }
    for (int i = 0; i < entries.size(); i++) {
      CompletableFuture<Published> answer = entries.get(i).answer();
      if (why == null) {
        answer.complete(published.get(i));
      } else {
        answer.completeExceptionally(why);
      }
    }
  }

  private static List<Published> published(int partition, List<Entry> entries, byte[] reply) {
    String[] lines = new String(reply, StandardCharsets.US_ASCII).split("\n", -1);
    List<Published> published = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      String line = lines[i + 1];
      boolean known = line.startsWith("=");
      int space = line.indexOf(' ');
      Position position =
          known
              ? Position.of(line.substring(1, space), line.substring(space + 1))
              : Position.of(lines[0], line);
      published.add(new Published(new EventId(partition, position), known));
    }
    return published;
  }

  /** Publishes to a channel as events are published, without a topic. */
  CompletableFuture<Object> check(int partition, String channel, String body) {
    List<byte[]> parameters = new ArrayList<>();
    parameters.add(keys.clock(partition));
    parameters.add(keys.check(partition, "s"));
    parameters.add(keys.check(partition, "l"));
    parameters.add(keys.check(partition, body));
    parameters.add(RandomText.epoch());
    addEvent(parameters, Keys.bytes(channel), CHECK_MS, CHECK, 0, Keys.bytes(body));
    return pipeline.send(
        Command.call(Script.PUBLISH, 4, parameters, System.nanoTime() + timeoutNanos));
  }
}
