package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings what comes for a partition into the order that the listener is promised. It does no I/O
 * and has no thread: it is told {@link FeedInput} and asks by {@link FeedRequest}, on one thread.
 *
 * <p>Each attached topic has a verified position: up to it every event was delivered or announced
 * as lost. A live event whose predecessor is verified is delivered. When something may have been
 * missed (the connection was lost, a predecessor is not verified, the epoch changed, messages were
 * dropped) a new round begins: a mark for every topic is put into the live input; when all have
 * come, all that was missed up to the last mark is known and read from the streams ({@link
 * CatchUp}); then the live input goes on behind that mark. Where a new epoch goes on with what
 * survived of the one before, that is read first.
 */
final class PartitionFeed {
  private static final System.Logger LOG = System.getLogger(PartitionFeed.class.getName());

  private enum Phase {
    /** What comes is delivered. */
    LIVE,
    /** Waiting for the marks of all topics. */
    MARKING,
    /** Reading what was missed; live input waits. */
    MERGING
  }

  private final Delivery delivery;
  private final Consumer<FeedRequest> requests;
  private final Early early;
  private final Attachments topics;
  private final FeedTimes times;
  private final List<Attachment> refused = new ArrayList<>();
  private Phase phase = Phase.LIVE;
  private CatchUp catchUp;
  // How far the live input was taken since the round began, as soon as a mark told it.
  private Position head;
  // Up to where the epoch before the head's survived, if a mark told of one.
  private Optional<Position> ended = Optional.empty();
  private boolean past;
  private String epoch = "";
  private int round = 1;
  private int unmarked;

  /**
   * A feed without topics.
   *
   * @param earlyBytes the bound of what is kept of the live input while it is not known what was
   *     missed
   * @param now the time, by {@link System#nanoTime()}
   */
  PartitionFeed(Delivery delivery, Consumer<FeedRequest> requests, long earlyBytes, long now) {
    this.delivery = delivery;
    this.requests = requests;
    this.early = new Early(earlyBytes);
    this.topics = new Attachments(requests);
    this.times = new FeedTimes(now);
  }

  /** Whether live input may be told; otherwise it waits. */
  boolean takesLive() {
    return phase != Phase.MERGING;
  }

  int attached() {
    return topics.size();
  }

  /** Tells what happened. */
  void on(FeedInput input) {
    switch (input) {
      case FeedInput.Message message -> message(message);
      case FeedInput.NodeMessage(byte[] payload) -> nodeMessage(payload);
      case FeedInput.Attach attach -> topics.add(attach);
      case FeedInput.Detach(Topic topic) -> topics.find(topic).ifPresent(this::detach);
      case FeedInput.Subscribed(Topic topic, long ticket) -> subscribed(topic, ticket);
      case FeedInput.Refused(Topic topic, long ticket, BackplaneException why) ->
          refused(topic, ticket, why);
      case FeedInput.Unsubscribed(Topic topic) -> topics.find(topic).ifPresent(this::unsubscribed);
      case FeedInput.Disconnected _ -> disconnected();
      case FeedInput.Dropped _ -> begin("delivery did not keep up");
      case FeedInput.MarkAnswered answer -> markAnswered(answer);
      case FeedInput.Page page -> page(page);
      case FeedInput.ReadFailed failed -> readFailed(failed);
      case FeedInput.Tick(long time) -> tick(time);
    }
  }

  /** Asks for the marks that are due. After each few inputs, so that many topics share a mark. */
  void flush() {
    if (!times.failed()) {
      topics.flush(round);
    }
  }

  /** Fails all who wait. */
  void close() {
    topics.close();
  }

  private void detach(Attachment topic) {
    topics.fail(topic, new BackplaneException("the topic was detached", null, false, 0));
    forget(topic);
  }

  private void forget(Attachment topic) {
    topics.remove(topic);
    if (phase == Phase.MERGING) {
      catchUp.remove(topic.topic());
      endIfDone();
    } else if (phase == Phase.MARKING && topic.established() && !topic.marked(round)) {
      unmarked--;
      mergeIfMarked();
    }
  }

  private void subscribed(Topic name, long ticket) {
    topics
        .find(name)
        .filter(topic -> topic.ticket() == ticket)
        .ifPresent(
            topic -> {
              topic.subscribed(true);
              topics.mark(List.of(topic));
            });
  }

  private void refused(Topic name, long ticket, BackplaneException why) {
    Attachment topic = topics.find(name).filter(t -> t.ticket() == ticket).orElse(null);
    if (topic == null) {
      return;
    }
    LOG.log(Level.ERROR, "topic {0} cannot be subscribed: {1}", name, why.getMessage());
    topics.fail(topic, why);
    if (topic.established()) {
      refused.add(topic);
    } else {
      forget(topic);
    }
  }

  private void unsubscribed(Attachment topic) {
    topic.subscribed(false);
    topics.subscribe(topic);
    begin("a subscription ended");
  }

  private void disconnected() {
    topics.all().forEach(topic -> topic.subscribed(false));
    begin("the connection was lost");
  }

  /** Begins a round. */
  private void begin(String why) {
    round++;
    phase = Phase.MARKING;
    catchUp = null;
    head = null;
    ended = Optional.empty();
    past = false;
    early.clear();
    times.begin();
    topics.markOnly(topics.all());
    unmarked = topics.established().size();
    if (unmarked > 0) {
      LOG.log(
          Level.DEBUG,
          "partition {0}: catching up {1} topics: {2}",
          delivery.partition(),
          unmarked,
          why);
      delivery.counters().catchUps.increment();
    }
    mergeIfMarked();
  }

  private void message(FeedInput.Message message) {
    Attachment topic = topics.find(message.topic()).orElse(null);
    if (topic == null) {
      return;
    }
    Payload payload = Payload.parse(message.payload());
    if (phase == Phase.MARKING) {
      early(topic, payload);
    } else if (topic.established()) {
      live(topic, payload);
    }
  }

  private void live(Attachment topic, Payload payload) {
    if (topic.covers(payload.position())) {
      delivery.counters().duplicates.increment();
    } else if (topic.covers(payload.prev())) {
      payload
          .event(delivery.partition(), topic.topic())
          .ifPresentOrElse(
              event -> delivery.event(topic, event), () -> delivery.gap(topic, payload.position()));
    } else {
      begin("the predecessor of an event is missing");
      early(topic, payload);
    }
  }

  private void early(Attachment topic, Payload payload) {
    Position position = payload.position();
    if (head != null && !head.sameEpoch(position)) {
      begin("the store lost its memory");
    } else if (head != null && position.isAfter(head)) {
      head = position;
    }
    topic.seen(position);
    if (topic.established()) {
      payload.event(delivery.partition(), topic.topic()).ifPresent(early::add);
    }
  }

  private void nodeMessage(byte[] payload) {
    if (Payload.isMark(payload)) {
      mark(Payload.mark(payload));
    } else if (phase == Phase.LIVE && otherEpoch(Payload.parse(payload).position())) {
      begin("the store lost its memory");
    }
  }

  private boolean otherEpoch(Position position) {
    return !position.epoch().equals(epoch) && topics.anyEstablished();
  }

  private void mark(FeedInput.Mark mark) {
    if (mark.round() != round) {
      return;
    }
    times.progress();
    if (phase == Phase.MARKING) {
      markOfRound(mark);
    } else if (otherEpoch(mark.head())) {
      begin("the store lost its memory");
    } else {
      epoch = mark.head().epoch();
      markLive(mark);
    }
  }

  private void markLive(FeedInput.Mark mark) {
    for (FeedInput.Last last : mark.topics()) {
      Attachment topic = topics.find(last.topic()).filter(Attachment::subscribed).orElse(null);
      if (topic == null) {
        continue;
      }
      if (topic.established() && !topic.covers(last.position())) {
        begin("the last event of a topic is missing");
        return;
      }
      topic.verifyAtLeast(mark.head());
      topics.answer(topic, mark.head(), last.position());
    }
  }

  private void markOfRound(FeedInput.Mark mark) {
    if (head != null && !head.sameEpoch(mark.head())) {
      begin("the store lost its memory");
      return;
    }
    head = mark.head();
    ended = mark.ended();
    for (FeedInput.Last last : mark.topics()) {
      Attachment topic = topics.find(last.topic()).filter(Attachment::subscribed).orElse(null);
      if (topic != null) {
        if (topic.established() && !topic.marked(round)) {
          unmarked--;
        }
        topic.mark(round, mark.head(), last.position());
      }
    }
    mergeIfMarked();
  }

  private void mergeIfMarked() {
    if (phase != Phase.MARKING || unmarked > 0) {
      return;
    }
    phase = Phase.MERGING;
    ended.filter(end -> !end.sameEpoch(head)).ifPresentOrElse(this::mergePast, this::merge);
  }

  /** Brings what survived of the epoch before. */
  private void mergePast(Position end) {
    past = true;
    List<Attachment> behind =
        topics.established().stream()
            .filter(t -> t.verified().orElseThrow().sameEpoch(end) && !t.covers(end))
            .toList();
    catchUp = new CatchUp(round, end, true, behind, early, delivery, requests);
    catchUp.start();
    endIfDone();
  }

  private void merge() {
    past = false;
    List<Attachment> behind = List.of();
    if (head != null) {
      epoch = head.epoch();
      Position start = Position.start(epoch);
      List<Attachment> established = topics.established();
      established.stream().filter(t -> !t.covers(start)).forEach(t -> delivery.gap(t, start));
      behind = established.stream().filter(t -> !t.covers(t.last())).toList();
    }
    catchUp = new CatchUp(round, head, false, behind, early, delivery, requests);
    catchUp.start();
    endIfDone();
  }

  private void page(FeedInput.Page page) {
    if (phase != Phase.MERGING || page.request().round() != round) {
      return;
    }
    if (!catchUp.page(page)) {
      begin("the store lost its memory");
    } else {
      endIfDone();
    }
  }

  private void endIfDone() {
    if (!catchUp.done()) {
      return;
    }
    if (past) {
      merge();
      return;
    }
    phase = Phase.LIVE;
    catchUp = null;
    early.clear();
    for (Attachment topic : topics.all()) {
      if (topic.marked(round)) {
        // Up to its own mark only: a message that is lost behind that shows with the next one.
        topic.verifyAtLeast(topic.established() ? topic.markedHead() : head);
        topics.answer(topic, head, topic.last());
      }
    }
  }

  private void readFailed(FeedInput.ReadFailed failed) {
    if (phase == Phase.MERGING && failed.request().round() == round) {
      times.retryLater();
    }
  }

  private void markAnswered(FeedInput.MarkAnswered answer) {
    topics.marked();
    answer.failure().ifPresent(why -> markFailed(answer.request(), why));
  }

  private void markFailed(FeedRequest.Mark request, BackplaneException why) {
    for (Topic name : request.topics()) {
      Attachment topic = topics.find(name).orElse(null);
      if (topic != null) {
        topics.fail(topic, why);
        if (!topic.established()) {
          forget(topic);
        }
      }
    }
    if (phase == Phase.MARKING && request.round() == round) {
      times.retryLater();
    }
  }

  private void tick(long time) {
    times.tick(time);
    topics.expire(time).stream().filter(topic -> !topic.established()).forEach(this::forget);
    if (times.retryDue()) {
      begin("the store could not be read");
    }
    if (phase == Phase.MARKING && times.stalled()) {
      topics.mark(topics.all().stream().filter(topic -> !topic.marked(round)).toList());
      refused.stream().filter(topics::has).forEach(topics::subscribe);
      refused.clear();
    }
    if (times.refreshDue()) {
      topics.mark(topics.all());
    }
  }
}
