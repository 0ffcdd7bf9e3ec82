package io.edgepush.backplane;

import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Revocation;
import io.edgepush.model.Topic;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Stores events, gives them their positions and brings them to every node that attached their
 * topic.
 *
 * <p>Every method returns at once and is safe for any thread. Every stage completes in bounded
 * time, so nobody has to watch the clock: what takes an implementation too long, it fails itself. A
 * stage that fails, fails with a {@link BackplaneException}.
 *
 * <p><b>Order.</b> Per partition, the calls to the {@link Listener} and the completions of {@link
 * #attach} come strictly one after the other, in the order of positions: an {@code Attached} with
 * head h completes after every event up to h and before every event after it. Dependents that are
 * added without an executor before it completes run in that place; one that is added later, as to a
 * stage that was complete when it was returned, may find that events behind h came already.
 *
 * <p><b>Locks.</b> The listener may be called on the thread of a caller, before its call returns
 * and under a lock of the partition. So whoever calls holds no lock that the listener takes.
 */
public interface Backplane extends AutoCloseable {

  /** The number of partitions that topics are hashed to; the same on every node of a deployment. */
  int partitions();

  /** Begins to call the listener. Called once, before anything else. */
  void start(Listener listener);

  /**
   * Stores events and fans them out. The events of one call and one partition get their positions
   * in the order of the list.
   *
   * @param publications at most 1,000
   * @return a stage for each, in the same order: completed when its event is stored and on its way,
   *     failed when it is certain that it is not stored, or with {@link
   *     BackplaneException#outcomeUnknown()} when a repeat with the same idempotency key is needed
   *     to know
   */
  List<CompletionStage<Published>> publish(List<Publication> publications);

  /**
   * Makes the topic's events come to the listener from now on. Attaching an attached topic again is
   * answered like the first time.
   */
  CompletionStage<Attached> attach(Topic topic);

  /** Ends what {@link #attach} began. Events that are on their way may still come. */
  void detach(Topic topic);

  /**
   * Reads retained events behind a position, oldest first. When {@code after} is of an unknown
   * epoch the replay is not complete, and begins with the first retained event. When it is of the
   * epoch before this one, and some of that survived, the replay brings that and says that there is
   * more: a replay behind it then begins with the gap between the epochs.
   *
   * @param limit the most events to return, at least 1; {@link Replay#more()} says that there are
   *     more
   */
  CompletionStage<Replay> replay(Topic topic, Position after, int limit);

  /**
   * Reads the newest retained events, oldest first: a replay whose {@link Replay#after()} lies just
   * before the first of them (or at the head when there are none), so it is always complete.
   *
   * @param limit the most events to return, at least 1
   */
  CompletionStage<Replay> latest(Topic topic, int limit);

  /** Reads what is known of a topic. */
  CompletionStage<TopicState> state(Topic topic);

  /** Drops the topic's history. Its last position stays, so that cursors before it get a gap. */
  CompletionStage<TopicState> purge(Topic topic);

  /**
   * Withdraws tokens on every node: on those that run now, and on those that start before the
   * revocation may be forgotten, as far as the store outlives them. Repeating it changes nothing.
   *
   * @return completes when it is stored and on its way; fails when there are {@link
   *     Revocation#MOST} of them already
   */
  CompletionStage<Void> revoke(Revocation revocation);

  /** Completes when a publish would succeed now, measured by one that nobody receives. */
  CompletionStage<Void> check();

  /**
   * Stops calling the listener, fails what is under way and frees all resources. Idempotent; may
   * block for seconds.
   */
  @Override
  void close();

  /** Receives what the backplane brings; see the order above. Must not block and must not throw. */
  interface Listener {
    /** An event of an attached topic. Each once, in the order of positions within its partition. */
    void onEvent(Event event);

    /**
     * Events of an attached topic that can no longer be brought; called where they would have come.
     */
    void onGap(Gap gap);

    /**
     * Tokens are withdrawn. Called at least once for each revocation that is in force, those from
     * before the start included; in no order with the other calls, perhaps on another thread.
     */
    default void onRevocation(Revocation revocation) {
      // whoever lets nobody in has nothing to withdraw
    }
  }
}
