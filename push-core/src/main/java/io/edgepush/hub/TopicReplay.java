package io.edgepush.hub;

import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.Replay;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Reads one topic's retained events page by page, up to a horizon: what lies behind it comes live.
 * For the thread of one subscribe.
 */
final class TopicReplay {
  private static final int PAGE = 256;

  private final Backplane backplane;
  private final TopicFeed feed;
  private final Position horizon;
  // What this node has brought of the topic.
  private final Position brought;
  private Replay page;
  private int next;
  private boolean gapTold;

  TopicReplay(Backplane backplane, TopicFeed feed, Position horizon) {
    this.backplane = backplane;
    this.feed = feed;
    this.horizon = horizon;
    this.brought = feed.last;
  }

  /** Asks for the first page behind a position. */
  CompletionStage<Void> behind(Position after) {
    return backplane.replay(feed.topic, after, PAGE).thenAccept(this::turnTo);
  }

  /** Asks for the newest events. */
  CompletionStage<Void> latest(int count) {
    return backplane.latest(feed.topic, count).thenAccept(this::turnTo);
  }

  private void turnTo(Replay read) {
    page = read;
    next = 0;
    gapTold = false;
  }

  /** What the page could not bring; told once a page. */
  Optional<Gap> gap() {
    if (gapTold) {
      return Optional.empty();
    }
    gapTold = true;
    return page.gap().flatMap(this::upToHorizon);
  }

  private Optional<Gap> upToHorizon(Gap gap) {
    Position to = gap.to().position();
    if (!to.sameEpoch(horizon) || !to.isAfter(horizon)) {
      return Optional.of(gap);
    }
    Position from = gap.from().position();
    boolean nothing = from.sameEpoch(horizon) && !horizon.isAfter(from);
    return nothing
        ? Optional.empty()
        : Optional.of(Gap.between(gap.topic(), page.partition(), from, horizon));
  }

  /**
   * What this node brought and the store does not have, as far as it was read: another server took
   * over that lacks it, and its epoch is yet to begin.
   */
  Optional<Gap> lack() {
    Position upTo = page.upTo();
    if (!upTo.sameEpoch(brought) || !brought.isAfter(upTo)) {
      return Optional.empty();
    }
    int partition = page.partition();
    EventId from = new EventId(partition, upTo);
    return Optional.of(
        new Gap(feed.topic, from, new EventId(partition, brought), Gap.Reason.EPOCH));
  }

  /** The next event, if the page has one within the horizon. */
  Optional<Event> peek() {
    List<Event> events = page.events();
    if (next == events.size()) {
      return Optional.empty();
    }
    Position position = events.get(next).position();
    boolean within =
        position.sameEpoch(horizon) ? !position.isAfter(horizon) : isOfEarlierEpoch(position);
    return within ? Optional.of(events.get(next)) : Optional.empty();
  }

  /** Whether it is of the cursor's epoch, which ended before the horizon's began. */
  private boolean isOfEarlierEpoch(Position position) {
    return !position.sameEpoch(horizon) && position.sameEpoch(page.after());
  }

  /** Goes on behind {@link #peek()}. */
  void advance() {
    next++;
  }

  /** Whether the page is used up and another one may hold more within the horizon. */
  boolean needsPage() {
    Position upTo = page.upTo();
    return page.more()
        && next == page.events().size()
        && (upTo.sameEpoch(horizon) ? horizon.isAfter(upTo) : isOfEarlierEpoch(upTo));
  }

  /** Asks for the page behind the one that is used up. */
  CompletionStage<Void> nextPage() {
    return behind(page.upTo());
  }
}
