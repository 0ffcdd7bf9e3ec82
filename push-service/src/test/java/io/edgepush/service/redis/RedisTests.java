package io.edgepush.service.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.backplane.Recorder;
import io.edgepush.backplane.Replay;
import io.edgepush.model.Content;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server for the class, and nodes on it that are closed after each test. Each test has a prefix
 * of its own.
 */
abstract class RedisTests {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  static final Topic ORDERS = new Topic("orders.42");
  static final Topic LOBBY = new Topic("chat:lobby");

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private final String prefix = "test" + PREFIXES.incrementAndGet();
  private final List<RedisBackplane> open = new ArrayList<>();

  /** A node and what it hears. */
  record Node(RedisBackplane backplane, Recorder heard) {
    Attached attach(Topic topic) {
      return done(backplane.attach(topic));
    }

    Published publish(Topic topic, String json) {
      return publish(publication(topic, json));
    }

    Published publish(Publication publication) {
      return done(backplane.publish(List.of(publication)).getFirst());
    }

    CompletionStage<Published> tryPublish(Topic topic, String json) {
      return backplane.publish(List.of(publication(topic, json))).getFirst();
    }

    Replay replay(Topic topic, Position after) {
      return done(backplane.replay(topic, after, 10_000));
    }
  }

  RedisConfig config() {
    return RedisConfig.of(REDIS.uri()).withPrefix(prefix);
  }

  /** The name of a key of the only partition. */
  String key(String rest) {
    return "{" + prefix + ":0}:" + rest;
  }

  Node node() {
    return node(config(), _ -> Retention.DEFAULT);
  }

  Node node(Retention retention) {
    return node(config(), _ -> retention);
  }

  Node node(RedisConfig config, Function<Topic, Retention> retention) {
    Recorder recorder = new Recorder();
    RedisBackplane backplane = new RedisBackplane(config, retention);
    open.add(backplane);
    backplane.start(recorder);
    return new Node(backplane, recorder);
  }

  /** To be closed after the test. */
  RedisBackplane closing(RedisBackplane backplane) {
    open.add(backplane);
    return backplane;
  }

  @AfterEach
  void closeNodes() {
    open.forEach(RedisBackplane::close);
  }

  static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the stage did not complete", e);
    }
  }

  static BackplaneException failure(CompletionStage<?> stage) {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () -> stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    return assertInstanceOf(BackplaneException.class, failed.getCause());
  }

  static void eventually(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  /** Waits until a time is over. */
  static void letPass(Duration time) {
    long end = System.nanoTime() + time.plusMillis(1).toNanos();
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> System.nanoTime() > end);
  }

  /** Waits until publishing works again, and returns what was published then. */
  static Published publishAtLast(Node node, Topic topic) {
    return atLast(() -> node.tryPublish(topic, "1"));
  }

  /** Waits until attaching works again. */
  static Attached attachAtLast(Node node, Topic topic) {
    return atLast(() -> node.backplane().attach(topic));
  }

  /** Calls until a call succeeds. */
  static <T> T atLast(Supplier<CompletionStage<T>> call) {
    AtomicReference<T> result = new AtomicReference<>();
    eventually(
        () -> {
          result.set(call.get().exceptionally(_ -> null).toCompletableFuture().get());
          return result.get() != null;
        });
    return result.get();
  }

  static Publication publication(Topic topic, String json) {
    return new Publication(topic, Content.json(utf8(json)), UUID.randomUUID().toString(), false);
  }

  static Publication keyed(Topic topic, String key, String json) {
    return new Publication(topic, Content.json(utf8(json)), key, true);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
