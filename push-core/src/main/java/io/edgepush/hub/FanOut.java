package io.edgepush.hub;

import io.edgepush.backplane.Backplane;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Reach;
import io.edgepush.model.Revocation;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.EventFrames;
import io.edgepush.wire.Frame;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.WireFormat;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes what the backplane calls to the sessions that subscribed: events and gaps, encoded once a
 * format. Under a partition's lock frames are appended and nothing waits. Safe for any thread; the
 * backplane calls one at a time for each partition.
 */
final class FanOut implements Backplane.Listener {
  private final PartitionState[] partitions;
  private final HubStatistics statistics;
  private volatile Consumer<Revocation> revocations = _ -> {};

  FanOut(PartitionState[] partitions, HubStatistics statistics) {
    this.partitions = partitions;
    this.statistics = statistics;
  }

  /** Sets who takes revocations. */
  void revocations(Consumer<Revocation> taker) {
    revocations = taker;
  }

  @Override
  public void onRevocation(Revocation revocation) {
    revocations.accept(revocation);
  }

  @Override
  public void onEvent(Event event) {
    PartitionState partition = partitions[event.id().partition()];
    partition.lock.lock();
    try {
      TopicFeed feed = partition.topics.get(event.topic());
      if (feed != null) {
        feed.last = event.position();
        fanOut(feed, event);
      }
      partition.advance(event.position());
    } finally {
      partition.lock.unlock();
    }
    statistics.events().increment();
  }

  private void fanOut(TopicFeed feed, Event event) {
    if (event.content().reach() != Reach.EVERYBODY) {
      fanOutToSome(feed, event);
      return;
    }
    EventFrames frames = new EventFrames(event);
    Overflow overflow = feed.overflow;
    int size = event.content().data().length;
    int count = feed.count();
    for (int i = 0; i < count; i++) {
      Subscription subscription = feed.get(i);
      Session session = subscription.session;
      if (subscription.held != null) {
        hold(subscription, frames, size);
      } else if (overflow == Overflow.DISCONNECT) {
        session.deliver(frames);
      } else {
        session.deliver(frames, overflow, false);
      }
    }
    statistics.deliveries().add(count);
  }

  private void fanOutToSome(TopicFeed feed, Event event) {
    EventFrames frames = new EventFrames(event);
    for (int i = 0; i < feed.count(); i++) {
      Subscription subscription = feed.get(i);
      Session session = subscription.session;
      if (!session.isReachedBy(event)) {
        continue;
      }
      if (subscription.held != null) {
        hold(subscription, frames, event.content().data().length);
      } else {
        session.deliver(frames, feed.overflow, false);
      }
      statistics.deliveries().increment();
    }
  }

  private static void hold(Subscription subscription, EventFrames frames, int size) {
    Session session = subscription.session;
    TopicFeed feed = subscription.feed;
    if (!subscription.held.add(size, () -> session.deliver(frames, feed.overflow, true))) {
      session.end(CloseReason.SLOW_CONSUMER);
    }
  }

  @Override
  public void onGap(Gap gap) {
    PartitionState partition = partitions[gap.to().partition()];
    partition.lock.lock();
    try {
      Position to = gap.to().position();
      if (!to.sameEpoch(partition.position())) {
        enterEpoch(partition, to.epoch());
      }
      TopicFeed feed = partition.topics.get(gap.topic());
      boolean told = gap.reason() == Gap.Reason.EPOCH;
      if (feed != null && !told) {
        feed.last = to;
        announce(feed, gap);
      }
    } finally {
      partition.lock.unlock();
    }
  }

  /**
   * The partition's store lost its memory: every topic has a gap, and all are told before the head,
   * and with it any cursor, enters the new epoch.
   */
  private void enterEpoch(PartitionState partition, String epoch) {
    Position start = Position.start(epoch);
    for (TopicFeed feed : partition.topics.values()) {
      if (feed.last != null) {
        announce(feed, Gap.between(feed.topic, partition.number, feed.last, start));
        feed.last = start;
      }
    }
    partition.advance(start);
  }

  private void announce(TopicFeed feed, Gap gap) {
    Map<WireFormat, Frame> frames = new EnumMap<>(WireFormat.class);
    for (int i = 0; i < feed.count(); i++) {
      Subscription subscription = feed.get(i);
      Session session = subscription.session;
      Frame frame =
          frames.computeIfAbsent(session.format(), f -> f.encode(new ServerMessage.Gap(gap)));
      if (subscription.held == null) {
        session.append(frame);
      } else if (!subscription.held.add(frame.size(), () -> session.append(frame))) {
        session.end(CloseReason.SLOW_CONSUMER);
      }
    }
    statistics.gaps().add(feed.count());
  }
}
