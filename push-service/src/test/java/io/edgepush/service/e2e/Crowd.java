package io.edgepush.service.e2e;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.WebSocketSubscriber;
import io.edgepush.service.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Subscribers that stay, each on two topics of its own choice, of which those with a WebSocket add
 * and remove other topics all the time; visitors that come for a few events; and publishers that
 * publish as fast as those who stay keep up.
 */
final class Crowd implements AutoCloseable {
  /** How many subscribers stay. */
  static final int STEADY = 100;

  private static final int VISITORS = 6;
  private static final int PUBLISHERS = 2;
  private static final int MOST_BEHIND = 2_000;

  private final Ledger ledger = new Ledger();
  private final List<TestNode> nodes;
  private final List<Topic> steady = topics("steady", 10);
  private final List<Topic> churning = topics("churn", 50);
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final List<List<Topic>> subscribed = new ArrayList<>();

  Crowd(List<TestNode> nodes) {
    this.nodes = nodes;
    for (int i = 0; i < STEADY; i++) {
      List<Topic> two = List.of(steady.get(i % 10), steady.get((i + 1 + i / 10 % 9) % 10));
      Wire wire = i % 5 == 4 ? Wire.LONG_POLL : i % 2 == 0 ? Wire.WEBSOCKET : Wire.SSE;
      subscribed.add(two);
      subscribers.add(wire.subscribe(nodes.get(i % 2), Ask.of(two)));
    }
  }

  private static List<Topic> topics(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> new Topic("topic." + name + "." + i)).toList();
  }

  /** Lets all do what they do for some time, and waits until those who stay have everything. */
  void run(Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> tasks = new ArrayList<>();
      IntStream.range(0, PUBLISHERS).forEach(i -> tasks.add(threads.submit(() -> publish(i, end))));
      IntStream.range(0, VISITORS).forEach(i -> tasks.add(threads.submit(() -> visit(i, end))));
      tasks.add(threads.submit(() -> addAndRemove(end)));
      for (Future<?> task : tasks) {
        task.get();
      }
    }
    for (int i = 0; i < STEADY; i++) {
      Subscriber subscriber = subscribers.get(i);
      List<Topic> two = subscribed.get(i);
      int due = two.stream().mapToInt(topic -> ledger.ids(topic).size()).sum();
      subscriber.await(() -> count(subscriber.view(), two) >= due);
    }
  }

  private static long count(ClientView view, List<Topic> topics) {
    return view.accepted().stream().filter(event -> topics.contains(event.topic())).count();
  }

  private void publish(int which, long end) {
    Publisher publisher = new Publisher(nodes.get(which % nodes.size()), ledger);
    List<Topic> batch = new ArrayList<>(churning);
    IntStream.range(0, 5).forEach(i -> batch.addAll(steady));
    while (System.nanoTime() < end) {
      publisher.publish(batch);
      awaitSlowest();
    }
  }

  /** As fast as it goes is as fast as the slowest of those who stay. */
  private void awaitSlowest() {
    int due = ledger.ids(steady.getFirst()).size() * 2;
    for (Subscriber subscriber : subscribers) {
      subscriber.await(() -> subscriber.view().count() >= due - MOST_BEHIND);
    }
  }

  private void visit(int which, long end) {
    Random random = new Random(which);
    while (System.nanoTime() < end) {
      Wire wire = Wire.values()[random.nextInt(3)];
      int events = random.nextInt(5);
      Subscriber visitor =
          wire.connect(nodes.get(random.nextInt(2)), Ask.of(churning.get(random.nextInt(50))));
      visitor.await(() -> visitor.view().count() >= events || System.nanoTime() > end).cut();
    }
  }

  private void addAndRemove(long end) {
    Random random = new Random(42);
    List<WebSocketSubscriber> sockets =
        subscribers.stream()
            .filter(WebSocketSubscriber.class::isInstance)
            .map(WebSocketSubscriber.class::cast)
            .toList();
    while (System.nanoTime() < end) {
      WebSocketSubscriber socket = sockets.get(random.nextInt(sockets.size()));
      Topic topic = churning.get(random.nextInt(churning.size()));
      String type = random.nextBoolean() ? "subscribe" : "unsubscribe";
      socket.send("{\"type\":\"" + type + "\",\"topics\":[\"" + topic + "\"]}");
    }
    sockets.forEach(
        socket ->
            churning.forEach(
                topic -> socket.send("{\"type\":\"unsubscribe\",\"topics\":[\"" + topic + "\"]}")));
  }

  /** What each of those who stayed got. */
  List<String> sentences() {
    return IntStream.range(0, STEADY)
        .mapToObj(
            i ->
                ledger.account(subscribers.get(i).view(), ledger.all(subscribed.get(i))).sentence())
        .toList();
  }

  @Override
  public void close() {
    subscribers.forEach(Subscriber::close);
  }
}
