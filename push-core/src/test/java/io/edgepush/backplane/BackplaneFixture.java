package io.edgepush.backplane;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** What the tests of a backplane need of the implementation, and words they are written in. */
public abstract class BackplaneFixture {
  private final List<Backplane> open = new ArrayList<>();

  /**
   * Creates nodes, not yet started, on a store without events that no earlier test has used. They
   * are closed after the test.
   *
   * @param count how many; 1 where {@link #shared()} is false
   * @param partitions the number of partitions
   * @param retention how much each topic keeps; a store may keep more by count and bytes, and for
   *     longer, but never less
   */
  protected abstract List<Backplane> nodes(
      int count, int partitions, Function<Topic, Retention> retention);

  /** Whether several nodes share one store. */
  protected abstract boolean shared();

  /**
   * Lets a time pass, by moving the store's clock or by waiting.
   *
   * @param age the age of retention that has to be over for every event published until now; a
   *     store that drops late waits for as much longer
   */
  protected abstract void letPass(Duration age);

  /** One started node and what it hears. */
  protected record Node(Backplane backplane, Recorder heard) {

    public Attached attach(Topic topic) {
      return done(backplane.attach(topic));
    }

    public Published publish(Topic topic, String json) {
      return publish(publication(topic, json));
    }

    public Published publish(Publication publication) {
      return done(backplane.publish(List.of(publication)).getFirst());
    }

    public List<Published> publish(List<Publication> publications) {
      return backplane.publish(publications).stream().map(BackplaneFixture::done).toList();
    }

    /** Publishes the numbers from 0 as one list. */
    public List<Published> publishNumbers(Topic topic, int count) {
      return publish(
          IntStream.range(0, count)
              .mapToObj(i -> publication(topic, Integer.toString(i)))
              .toList());
    }

    public Replay replay(Topic topic, Position after) {
      return done(backplane.replay(topic, after, 10_000));
    }

    public Replay latest(Topic topic, int limit) {
      return done(backplane.latest(topic, limit));
    }

    public TopicState state(Topic topic) {
      return done(backplane.state(topic));
    }
  }

  /**
   * Two nodes of one store; the same one twice where nodes do not share a store, so that every test
   * says something.
   */
  protected record Pair(Node one, Node other) {}

  protected Pair pair() {
    List<Node> nodes = start(shared() ? 2 : 1, 1, Retention.DEFAULT);
    return new Pair(nodes.getFirst(), nodes.getLast());
  }

  protected Node node() {
    return node(1, Retention.DEFAULT);
  }

  protected Node node(int partitions, Retention retention) {
    return start(1, partitions, retention).getFirst();
  }

  private List<Node> start(int count, int partitions, Retention retention) {
    List<Node> started = new ArrayList<>();
    for (Backplane backplane : nodes(count, partitions, topic -> retention)) {
      started.add(start(backplane));
    }
    return started;
  }

  /** Starts a node. */
  protected Node start(Backplane backplane) {
    open.add(backplane);
    Recorder recorder = new Recorder();
    backplane.start(recorder);
    return new Node(backplane, recorder);
  }

  @AfterEach
  void closeNodes() {
    open.forEach(Backplane::close);
  }

  /** What the stage completes with. */
  protected static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the stage did not complete", e);
    }
  }

  /** What the stage fails with. */
  protected static BackplaneException failure(CompletionStage<?> stage) {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class, () -> stage.toCompletableFuture().get(20, TimeUnit.SECONDS));
    return assertInstanceOf(BackplaneException.class, failed.getCause());
  }

  /** A publication with a key of its own. */
  protected static Publication publication(Topic topic, String json) {
    return new Publication(topic, Content.json(utf8(json)), UUID.randomUUID().toString(), false);
  }

  /** A publication with the publisher's key. */
  protected static Publication keyed(Topic topic, String key, String json) {
    return new Publication(topic, Content.json(utf8(json)), key, true);
  }

  protected static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  protected static Position position(Published published) {
    return published.id().position();
  }

  protected static List<EventId> ids(List<Event> events) {
    return events.stream().map(Event::id).toList();
  }

  protected static List<EventId> idsOf(List<Published> published) {
    return published.stream().map(Published::id).toList();
  }

  /** Runs the tasks at the same time and returns what they returned, in their order. */
  protected static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
