package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Topic;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where what comes over a channel goes. Registering is for any thread, the rest for the one that
 * reads.
 */
final class Channels {
  private record Target(FeedLoop feed, Optional<Topic> topic) {}

  /** Takes what comes over a channel of its own. Called by the thread that reads. */
  interface Watch {
    void message(byte[] payload);

    void subscribed();
  }

  private final Map<String, Watch> watches = new ConcurrentHashMap<>();
  private final Map<String, Target> targets = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> checks = new ConcurrentHashMap<>();
  private final RedisCounters counters;

  Channels(RedisCounters counters) {
    this.counters = counters;
  }

  void topic(String channel, FeedLoop feed, Topic topic) {
    targets.put(channel, new Target(feed, Optional.of(topic)));
  }

  void node(String channel, FeedLoop feed) {
    targets.put(channel, new Target(feed, Optional.empty()));
  }

  void watch(String channel, Watch watch) {
    watches.put(channel, watch);
  }

  void remove(String channel) {
    targets.remove(channel);
  }

  /** Completes when an event with this body came over a node channel. */
  CompletableFuture<Void> check(String body) {
    CompletableFuture<Void> came = new CompletableFuture<>();
    checks.put(body, came);
    came.whenComplete((_, _) -> checks.remove(body));
    return came;
  }

  void message(Subscriber from, String channel, byte[] payload) {
    counters.received.increment();
    Watch watch = watches.get(channel);
    if (watch != null) {
      watch.message(payload);
      return;
    }
    Target target = targets.get(channel);
    if (target == null) {
      return;
    }
    if (target.topic().isPresent()) {
      target
          .feed()
          .message(from, new FeedInput.Message(target.topic().get(), payload), payload.length);
    } else {
      target.feed().message(from, new FeedInput.NodeMessage(payload), payload.length);
      if (!Payload.isMark(payload)) {
        CompletableFuture<Void> check = checks.get(Payload.parse(payload).bodyText());
        if (check != null) {
          check.complete(null);
        }
      }
    }
  }

  void subscribed(Subscriber from, String channel, long ticket) {
    Watch watch = watches.get(channel);
    if (watch != null) {
      watch.subscribed();
    }
    Target target = targets.get(channel);
    if (target != null && target.topic().isPresent()) {
      target.feed().event(from, new FeedInput.Subscribed(target.topic().get(), ticket));
    }
  }

  void refused(Subscriber from, String channel, long ticket, BackplaneException why) {
    Target target = targets.get(channel);
    if (target != null && target.topic().isPresent()) {
      target.feed().event(from, new FeedInput.Refused(target.topic().get(), ticket, why));
    }
  }

  /**
   * The server ended a subscription. False when it was a node's channel, which nobody subscribes
   * again.
   */
  boolean unsubscribed(Subscriber from, String channel) {
    Target target = targets.get(channel);
    if (target != null && target.topic().isPresent()) {
      target.feed().event(from, new FeedInput.Unsubscribed(target.topic().get()));
    }
    return target == null ? !watches.containsKey(channel) : target.topic().isPresent();
  }
}
