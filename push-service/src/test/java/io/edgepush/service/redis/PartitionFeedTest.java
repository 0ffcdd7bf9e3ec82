package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a feed asks for and calls, input by input. */
final class PartitionFeedTest {
  private static final Topic A = new Topic("a");
  private static final Topic B = new Topic("b");
  private static final long DEADLINE = Duration.ofSeconds(4).toNanos();
  private final BackplaneException away = new BackplaneException("away", null, false, 0);

  private final SimulatedStore store = new SimulatedStore();
  private final List<FeedRequest> requests = new ArrayList<>();
  private final List<Object> calls = new ArrayList<>();
  private final RedisCounters counters = new RedisCounters();
  private final PartitionFeed feed =
      new PartitionFeed(new Delivery(0, new Calls(), counters), requests::add, 1 << 20, 0);

  private final class Calls implements Backplane.Listener {
    @Override
    public void onEvent(Event event) {
      calls.add(event.position());
    }

    @Override
    public void onGap(Gap gap) {
      calls.add(gap);
    }
  }

  private CompletableFuture<Attached> attach(Topic topic) {
    CompletableFuture<Attached> answer = new CompletableFuture<>();
    feed.on(new FeedInput.Attach(topic, answer, DEADLINE));
    return answer;
  }

  /** The request that was made last, as the kind that it should be. */
  private <T extends FeedRequest> T asked(Class<T> kind) {
    feed.flush();
    return assertInstanceOf(kind, requests.getLast());
  }

  private void subscribed(FeedRequest.Subscribe request) {
    feed.on(new FeedInput.Subscribed(request.topic(), request.ticket()));
  }

  private void marked() {
    FeedRequest.Mark request = asked(FeedRequest.Mark.class);
    feed.on(new FeedInput.MarkAnswered(request, Optional.empty()));
    feed.on(new FeedInput.NodeMessage(store.mark(request)));
  }

  private Attached attached(Topic topic) {
    CompletableFuture<Attached> answer = attach(topic);
    subscribed(asked(FeedRequest.Subscribe.class));
    marked();
    return answer.join();
  }

  private Position publish(Topic topic) {
    store.publish(topic, true);
    return store.head();
  }

  private Position publishHeard(Topic topic) {
    feed.on(new FeedInput.Message(topic, store.publish(topic, true)));
    return store.head();
  }

  @Test
  void aTopicIsAttachedWhenItsMarkComesAfterItsSubscription() {
    publish(B);
    CompletableFuture<Attached> answer = attach(A);
    FeedRequest.Subscribe subscribe = asked(FeedRequest.Subscribe.class);
    feed.flush();
    assertEquals(1, requests.size(), "no mark before the subscription is confirmed");

    subscribed(subscribe);
    feed.on(new FeedInput.Message(A, store.publish(A, true)));
    FeedRequest.Mark mark = asked(FeedRequest.Mark.class);
    assertEquals(List.of(A), mark.topics());
    Position head = store.head();
    byte[] markMessage = store.mark(mark);
    assertFalse(answer.isDone());

    feed.on(new FeedInput.NodeMessage(markMessage));
    assertEquals(new Attached(A, head, head), answer.join());
    assertEquals(List.of(), calls, "what came before the mark is not behind the head");
    Position live = publishHeard(A);
    assertEquals(List.of(live), calls);
  }

  @Test
  void anEventThatComesTwiceIsDeliveredOnce() {
    attached(A);
    byte[] message = store.publish(A, true);

    feed.on(new FeedInput.Message(A, message));
    feed.on(new FeedInput.Message(A, message));

    assertEquals(1, calls.size());
    assertEquals(1, counters.duplicates.sum());
  }

  @Test
  void aMissingPredecessorIsReadFromTheStream() {
    attached(A);
    Position lost = publish(A);
    byte[] message = store.publish(A, true);
    feed.on(new FeedInput.Message(A, message));
    assertEquals(List.of(), calls);

    marked();
    FeedRequest.Read read = asked(FeedRequest.Read.class);
    assertFalse(feed.takesLive(), "live input waits");
    feed.on(store.read(read, 10));

    assertTrue(feed.takesLive());
    assertEquals(List.of(lost, store.head()), calls);
  }

  @Test
  void afterALossNothingIsDeliveredBeforeAllTopicsAreMarkedAndThenInTheOrderOfPositions() {
    attached(A);
    attached(B);
    List<Position> positions = List.of(publish(B), publish(A), publish(A), publish(B));
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));
    marked();
    Position early = publishHeard(A);
    assertEquals(List.of(), calls);
    subscribed(new FeedRequest.Subscribe(B, 2));
    marked();

    List<FeedRequest.Read> reads =
        requests.stream()
            .filter(r -> r instanceof FeedRequest.Read)
            .map(r -> (FeedRequest.Read) r)
            .toList();
    assertEquals(2, reads.size());
    feed.on(store.read(reads.get(0), 10));
    assertEquals(List.of(), calls, "an earlier event of the other topic may come");
    feed.on(store.read(reads.get(1), 10));

    assertEquals(positions, calls.subList(0, 4));
    assertEquals(List.of(early), calls.subList(4, 5));
  }

  @Test
  void aRoundThatADetachEndsDeliversWhatCameBehindTheLastMark() {
    attached(A);
    attached(B);
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));
    marked();
    Position behindTheMark = publishHeard(A);
    assertEquals(List.of(), calls, "the mark of the other topic is still to come");

    feed.on(new FeedInput.Detach(B));
    feed.on(store.read(asked(FeedRequest.Read.class), 10));
    Position live = publishHeard(A);

    assertEquals(List.of(behindTheMark, live), calls);
  }

  @Test
  void anEventOfAnotherEpochDuringARoundBeginsItAgain() {
    attached(A);
    attached(B);
    Position before = publishHeard(A);
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));
    subscribed(new FeedRequest.Subscribe(B, 2));
    FeedRequest.Mark old = asked(FeedRequest.Mark.class);
    feed.on(new FeedInput.NodeMessage(store.mark(new FeedRequest.Mark(old.round(), List.of(A)))));
    store.forgetAll();
    Position after = publishHeard(A);
    feed.on(new FeedInput.Detach(B));

    marked();
    feed.on(store.read(asked(FeedRequest.Read.class), 10));

    assertEquals(List.of(before, epochGap(before, after), after), calls);
  }

  private static Gap epochGap(Position from, Position after) {
    return Gap.between(A, 0, from, Position.start(after.epoch()));
  }

  @Test
  void aTopicWithoutHistoryLosesNothingThatCame() {
    attached(A);
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));
    feed.on(new FeedInput.Message(A, store.publish(A, false)));
    marked();
    feed.on(store.read(asked(FeedRequest.Read.class), 10));

    assertEquals(List.of(store.head()), calls);
  }

  @Test
  void aGapComesBeforeTheFirstEventBehindIt() {
    attached(A);
    Position from = attached(B).head();
    store.publish(A, false);
    Position lost = store.head();
    Position other = publish(B);
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));
    subscribed(new FeedRequest.Subscribe(B, 2));
    marked();
    List<FeedRequest> reads = requests.stream().filter(r -> r instanceof FeedRequest.Read).toList();
    for (FeedRequest read : List.copyOf(reads)) {
      feed.on(store.read((FeedRequest.Read) read, 10));
    }

    assertEquals(List.of(Gap.between(A, 0, from, lost), other), calls);
  }

  @Test
  void anOldMarkMeansNothingAfterALoss() {
    attached(A);
    CompletableFuture<Attached> again = attach(A);
    FeedRequest.Mark old = asked(FeedRequest.Mark.class);
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));

    feed.on(new FeedInput.NodeMessage(store.mark(old)));

    assertFalse(again.isDone());
    marked();
    assertTrue(again.isDone());
  }

  @Test
  void aReadThatFailsIsRepeatedFromWhatWasDelivered() {
    attached(A);
    publish(A);
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));
    marked();
    feed.on(new FeedInput.ReadFailed(asked(FeedRequest.Read.class), away));
    int before = requests.size();
    feed.flush();
    assertEquals(before, requests.size(), "not at once");

    feed.on(new FeedInput.Tick(Duration.ofMillis(300).toNanos()));
    marked();
    feed.on(store.read(asked(FeedRequest.Read.class), 10));

    assertEquals(List.of(store.head()), calls);
  }

  @Test
  void anAttachFailsWhenItsMarkFailsOrItsTimeIsOver() {
    CompletableFuture<Attached> a = attach(A);
    subscribed(asked(FeedRequest.Subscribe.class));
    feed.on(new FeedInput.MarkAnswered(asked(FeedRequest.Mark.class), Optional.of(away)));
    assertTrue(a.isCompletedExceptionally());
    assertEquals(new FeedRequest.Unsubscribe(A), requests.getLast());

    CompletableFuture<Attached> b = attach(B);
    feed.on(new FeedInput.Tick(DEADLINE));
    assertTrue(b.isCompletedExceptionally());
    assertEquals(new FeedRequest.Unsubscribe(B), requests.getLast());
    assertEquals(0, feed.attached());
  }

  @Test
  void aTopicThatCannotBeSubscribedFailsAndIsForgotten() {
    CompletableFuture<Attached> answer = attach(A);
    FeedRequest.Subscribe subscribe = asked(FeedRequest.Subscribe.class);

    feed.on(new FeedInput.Refused(A, subscribe.ticket(), away));

    assertTrue(answer.isCompletedExceptionally());
    assertEquals(0, feed.attached());
  }

  @Test
  void aSubscriptionThatTheServerEndsIsRenewedAndCaughtUp() {
    attached(A);
    feed.on(new FeedInput.Unsubscribed(A));
    Position missed = publish(A);
    subscribed(asked(FeedRequest.Subscribe.class));
    marked();
    feed.on(store.read(asked(FeedRequest.Read.class), 10));

    assertEquals(List.of(missed), calls);
  }

  @Test
  void marksThatDoNotComeAreAskedForAgain() {
    attached(A);
    feed.on(new FeedInput.Disconnected());
    subscribed(new FeedRequest.Subscribe(A, 1));
    FeedRequest.Mark lost = asked(FeedRequest.Mark.class);
    feed.on(new FeedInput.MarkAnswered(lost, Optional.empty()));

    feed.on(new FeedInput.Tick(Duration.ofSeconds(6).toNanos()));

    assertEquals(lost, asked(FeedRequest.Mark.class));
    marked();
    publishHeard(A);
    assertEquals(1, calls.size());
  }

  @Test
  void attachedTopicsAreMarkedNowAndThenAndALossShows() {
    attached(A);
    Position lost = publish(A);
    feed.on(new FeedInput.Tick(Duration.ofHours(6).toNanos()));
    marked();
    assertEquals(List.of(), calls);

    marked();
    feed.on(store.read(asked(FeedRequest.Read.class), 10));

    assertEquals(List.of(lost), calls);
  }

  @Test
  void aBodyOfALaterVersionIsAGap() {
    Position before = attached(A).head();
    byte[] message = store.publish(A, true);
    message[
            message.length
                - EventBody.encode(
                        io.edgepush.model.Content.json(
                            store
                                .head()
                                .toString()
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .length] =
        9;

    feed.on(new FeedInput.Message(A, message));

    assertEquals(List.of(Gap.between(A, 0, before, store.head())), calls);
  }

  @Test
  void aHundredTopicsShareAMark() {
    for (int i = 0; i < 150; i++) {
      attach(new Topic("t" + i));
      subscribed((FeedRequest.Subscribe) requests.getLast());
    }
    int before = requests.size();
    feed.flush();

    List<FeedRequest> marks = requests.subList(before, requests.size());
    assertEquals(2, marks.size());
    assertEquals(100, ((FeedRequest.Mark) marks.get(0)).topics().size());
    assertEquals(50, ((FeedRequest.Mark) marks.get(1)).topics().size());
  }

  @Test
  void aDetachedTopicIsUnsubscribedAndSilent() {
    attached(A);
    feed.on(new FeedInput.Detach(A));

    publishHeard(A);

    assertEquals(new FeedRequest.Unsubscribe(A), requests.getLast());
    assertEquals(List.of(), calls);
  }
}
