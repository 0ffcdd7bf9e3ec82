package io.edgepush.service.redis;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A feed with a store, a subscribing and a reading connection around it, in which anything may go
 * wrong at any place. Each step does one thing; inputs and requests wait in queues until a step
 * takes them on.
 */
final class Simulation {
  private static final int TOPICS = 4;
  private static final int PAGE = 2;
  private static final long LONG_NANOS = 30_000_000_000L;
  private static final long SHORT_NANOS = 300_000_000L;

  private final SimulatedStore store = new SimulatedStore();
  private final StrictListener listener = new StrictListener(store);
  private final RedisCounters counters = new RedisCounters();
  private final PartitionFeed feed;
  private final List<Topic> topics =
      IntStream.range(0, TOPICS).mapToObj(i -> new Topic("t" + i)).toList();
  private final Deque<FeedInput> wire = new ArrayDeque<>();
  private final Deque<FeedRequest> subscribing = new ArrayDeque<>();
  private final Deque<FeedRequest> reading = new ArrayDeque<>();
  private final Map<Topic, Long> wanted = new LinkedHashMap<>();
  private final Set<Topic> subscribed = new HashSet<>();
  private boolean quiet;
  private long now;

  Simulation(long earlyBytes) {
    feed = new PartitionFeed(new Delivery(0, listener, counters), this::request, earlyBytes, 0);
  }

  private void request(FeedRequest request) {
    switch (request) {
      case FeedRequest.Subscribe(Topic topic, long ticket) -> {
        wanted.put(topic, ticket);
        subscribing.add(request);
      }
      case FeedRequest.Unsubscribe(Topic topic) -> {
        wanted.remove(topic);
        subscribing.add(request);
      }
      case FeedRequest.Mark _, FeedRequest.Read _ -> reading.add(request);
    }
  }

  /** The number of different steps. */
  static int steps() {
    return 25 * TOPICS;
  }

  /** The steps below this one are no faults; it is the loss of the connection. */
  static int faultless() {
    return 20 * TOPICS;
  }

  /** Does what a number says. */
  void step(int number) {
    Topic topic = topics.get(number % TOPICS);
    switch (number / TOPICS) {
      case 0, 1, 2, 3, 4, 5 -> publish(topic);
      case 6, 7, 8, 9 -> receive();
      case 10, 11 -> subscribe();
      case 12, 13, 14 -> read();
      case 15, 16 -> attach(topic);
      case 17, 18, 19 -> pump();
      case 20 -> disconnect();
      case 21 -> store.trim(topic);
      case 22, 23 -> fault(number % (2 * TOPICS));
      default -> detach(topic);
    }
    feed.flush();
  }

  private void fault(int number) {
    switch (number) {
      case 0 -> drop();
      case 1 -> loseSilently();
      case 2 -> failRead();
      case 3 -> store.forgetAll();
      case 4 -> tick(LONG_NANOS);
      case 5 -> unsubscribe();
      case 6 -> store.failOver((int) (now / SHORT_NANOS % 4));
      default -> tick(SHORT_NANOS);
    }
  }

  /** Attaches all topics and waits until they are. */
  void attachAll() {
    topics.forEach(this::attach);
    pump();
  }

  private void publish(Topic topic) {
    // The last topic keeps no history.
    byte[] message = store.publish(topic, topics.indexOf(topic) < TOPICS - 1);
    if (subscribed.contains(topic)) {
      wire.add(new FeedInput.Message(topic, message));
    }
  }

  private boolean receive() {
    if (wire.isEmpty() || !feed.takesLive()) {
      return false;
    }
    feed.on(wire.remove());
    return true;
  }

  private boolean subscribe() {
    FeedRequest request = subscribing.poll();
    if (request instanceof FeedRequest.Subscribe(Topic topic, long ticket)) {
      subscribed.add(topic);
      wire.add(new FeedInput.Subscribed(topic, ticket));
    } else if (request instanceof FeedRequest.Unsubscribe(Topic topic)) {
      subscribed.remove(topic);
    }
    return request != null;
  }

  private boolean read() {
    FeedRequest request = reading.poll();
    if (request instanceof FeedRequest.Mark mark) {
      wire.add(new FeedInput.NodeMessage(store.mark(mark)));
      feed.on(new FeedInput.MarkAnswered(mark, Optional.empty()));
    } else if (request instanceof FeedRequest.Read read) {
      feed.on(store.read(read, PAGE));
    }
    return request != null;
  }

  private void failRead() {
    FeedRequest request = reading.poll();
    if (request instanceof FeedRequest.Mark mark) {
      feed.on(new FeedInput.MarkAnswered(mark, Optional.of(away())));
    } else if (request instanceof FeedRequest.Read read) {
      feed.on(new FeedInput.ReadFailed(read, away()));
    }
  }

  private static BackplaneException away() {
    return new BackplaneException("away", null, false, 0);
  }

  private void attach(Topic topic) {
    CompletableFuture<Attached> answer = new CompletableFuture<>();
    answer.thenAccept(listener::attached);
    feed.on(new FeedInput.Attach(topic, answer, now + LONG_NANOS / 2));
  }

  private void detach(Topic topic) {
    listener.detached(topic);
    feed.on(new FeedInput.Detach(topic));
  }

  private void disconnect() {
    wire.add(new FeedInput.Disconnected());
    subscribed.clear();
    subscribing.clear();
    wanted.forEach((topic, ticket) -> subscribing.add(new FeedRequest.Subscribe(topic, ticket)));
  }

  /** Messages at the end of the queue are dropped, and the feed will know. */
  private void drop() {
    List<FeedInput> kept = new ArrayList<>();
    boolean told = false;
    int place = 0;
    for (FeedInput input : wire) {
      boolean message =
          input instanceof FeedInput.Message || input instanceof FeedInput.NodeMessage;
      if (++place <= wire.size() / 2 || !message) {
        kept.add(input);
      } else if (!told) {
        told = true;
        kept.add(new FeedInput.Dropped());
      }
    }
    wire.clear();
    wire.addAll(kept);
  }

  private void loseSilently() {
    if (!quiet && wire.removeIf(input -> input instanceof FeedInput.Message)) {
      listener.lostSilently();
    }
  }

  private void unsubscribe() {
    subscribed.stream()
        .findFirst()
        .ifPresent(
            topic -> {
              subscribed.remove(topic);
              wire.add(new FeedInput.Unsubscribed(topic));
            });
  }

  private void tick(long nanos) {
    now += nanos;
    feed.on(new FeedInput.Tick(now));
  }

  /**
   * Lets everything come to rest, with an event on each topic, and checks that nothing is missing.
   */
  void settle() {
    quiet = true;
    rest();
    topics.forEach(this::publish);
    rest();
    topics.forEach(this::publish);
    rest();
    listener.assertComplete();
  }

  private void rest() {
    for (int i = 0; i < 10; i++) {
      pump();
      tick(LONG_NANOS);
    }
  }

  private void pump() {
    boolean busy = true;
    while (busy) {
      feed.flush();
      boolean received = receive();
      boolean changed = subscribe();
      busy = read() || received || changed;
    }
  }

  int events() {
    return listener.events();
  }

  RedisCounters counters() {
    return counters;
  }
}
