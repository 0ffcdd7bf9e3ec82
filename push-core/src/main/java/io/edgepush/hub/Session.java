package io.edgepush.hub;

import io.edgepush.access.Principal;
import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Reach;
import io.edgepush.model.Topic;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.EventFrames;
import io.edgepush.wire.Frame;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * One subscriber's connection, whatever its transport: who it is, what it subscribed, what waits
 * for it. Safe for any thread; nothing here blocks but {@link Outbox#awaitRoom}.
 */
public final class Session {
  private final String id;
  private final String peer;
  private final Outbox outbox;
  private final WireFormat format;
  private final Hub hub;
  private final long openedNanos = System.nanoTime();

  /** Guarded by the outbox's monitor. Null once the session has ended. */
  private Map<Topic, Subscription> subscriptions = HashMap.newHashMap(2);

  /** By partition, in ascending order; replaced, never changed. */
  private volatile CursorSource[] sources = {};

  private volatile Principal principal;
  private volatile long heardNanos = openedNanos;
  private volatile boolean welcomed;

  /** Whose end was announced; only the thread of {@link SessionTerms} asks. */
  private Principal warned;

  /**
   * Stands before the outbox; null as long as none was needed. Written under the outbox's monitor.
   */
  private volatile Backlog backlog;

  Session(String id, Principal principal, String peer, Outbox outbox, Hub hub) {
    this.id = id;
    this.principal = principal;
    this.peer = peer;
    this.outbox = outbox;
    this.format = outbox.transport().format();
    this.hub = hub;
  }

  /** Names the session in logs and to its client. */
  public String id() {
    return id;
  }

  /** Who it is. */
  public Principal principal() {
    return principal;
  }

  /**
   * Takes another principal from now on: the client presented a token. What it may not do any more
   * is the caller's to end.
   */
  void become(Principal who) {
    principal = who;
  }

  /** Whether the end of this principal's term is still to be announced; the next time it is not. */
  boolean warn(Principal who) {
    if (!welcomed || warned == who || format == WireFormat.POLL) {
      return false;
    }
    warned = who;
    return true;
  }

  /** The client's address, for logs. */
  public String peer() {
    return peer;
  }

  /** What waits for it. */
  public Outbox outbox() {
    return outbox;
  }

  /** About how many bytes wait for it. */
  long pendingBytes() {
    Backlog waiting = backlog;
    return outbox.pendingBytes() + (waiting == null ? 0 : waiting.bytes());
  }

  /** How long ago it was opened. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - openedNanos);
  }

  /** Notes that the client is alive. */
  public void heard() {
    heardNanos = System.nanoTime();
  }

  /** How long the client has been silent. */
  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardNanos);
  }

  /** Appends a message; a full outbox ends the session. */
  public void send(ServerMessage message) {
    append(format.encode(message));
  }

  /** Ends the session. Idempotent: the first reason counts. */
  public void end(CloseReason reason) {
    hub.end(this, reason);
  }

  /** Everything up to here was appended to the outbox, for each partition in use. */
  Cursor cursor() {
    TreeMap<Integer, Position> positions = new TreeMap<>();
    for (CursorSource source : sources) {
      positions.put(source.partition(), source.position());
    }
    return new Cursor(positions);
  }

  /** The partitions in use, in ascending order. */
  CursorSource[] sources() {
    return sources;
  }

  /**
   * Takes the cursor's entry of a partition from this source from now on. Called by one subscribe
   * at a time.
   */
  void source(CursorSource source) {
    List<CursorSource> changed = new ArrayList<>(Arrays.asList(sources));
    changed.removeIf(s -> s.partition() == source.partition());
    changed.add(source);
    changed.sort(Comparator.comparingInt(CursorSource::partition));
    sources = changed.toArray(CursorSource[]::new);
  }

  /** Whether the cursor has an entry of this partition. */
  boolean uses(int partition) {
    for (CursorSource source : sources) {
      if (source.partition() == partition) {
        return true;
      }
    }
    return false;
  }

  /**
   * Appends an event; called under its partition's lock, or by a replay before the session is live
   * there.
   */
  void deliver(EventFrames frames) {
    Frame frame = frame(frames);
    if (!outbox.append(frame)) {
      refused(frame, frames, false);
    }
  }

  /** Whether an event is for this session, and has not expired. */
  boolean isReachedBy(Event event) {
    Reach reach = event.content().reach();
    return reach == Reach.EVERYBODY || reach.reaches(id, principal.name());
  }

  /** Appends an event whose topic has an overflow policy; otherwise as {@link #deliver}. */
  void deliver(EventFrames frames, Overflow overflow, boolean patient) {
    Frame frame = frame(frames);
    if (overflow.disconnects() || outbox.transport().singleBatch()) {
      if (!outbox.append(frame)) {
        refused(frame, frames, patient);
      }
    } else if (overflow.samples() || !outbox.hasRoom() || !outbox.append(frame)) {
      ownBacklog().add(frame, frames.event(), overflow, patient);
    }
  }

  /** Appends an event of a replay, as soon as the connection's rate permits it; may block. */
  void replay(EventFrames frames) {
    Backlog pace = backlog;
    if (pace != null) {
      pace.awaitPermit();
    }
    Frame frame = frame(frames);
    if (!outbox.append(frame)) {
      Backlog waiting = backlog;
      if (waiting == null) {
        end(CloseReason.SLOW_CONSUMER);
      } else {
        waiting.addPermitted(frame, frames.event());
      }
    }
  }

  private Frame frame(EventFrames frames) {
    if (format.carriesCursor() && sources.length > 1) {
      return format.encode(frames.event(), cursor().advancedTo(frames.event().id()));
    }
    return frames.in(format);
  }

  private void refused(Frame frame, EventFrames frames, boolean patient) {
    Backlog waiting = backlog;
    if (waiting == null) {
      end(CloseReason.SLOW_CONSUMER);
    } else {
      waiting.add(frame, frames.event(), Overflow.DISCONNECT, patient);
    }
  }

  /** Appends a frame that is no event; a full outbox ends the session. */
  public void append(Frame frame) {
    if (!outbox.append(frame)) {
      Backlog waiting = backlog;
      if (waiting == null) {
        end(CloseReason.SLOW_CONSUMER);
      } else {
        waiting.add(frame);
      }
    }
  }

  /** Sets the rate of deliveries from now on. */
  void rate(LongSupplier permits) {
    if (permits != Limits.UNLIMITED || backlog != null) {
      ownBacklog().rate(permits);
    }
  }

  private Backlog ownBacklog() {
    Backlog known = backlog;
    if (known != null) {
      return known;
    }
    synchronized (outbox) {
      if (backlog == null) {
        backlog = hub.backlog(this);
      }
      return backlog;
    }
  }

  /** Forgets what stands before the outbox. */
  void closeBacklog() {
    Backlog waiting = backlog;
    if (waiting != null) {
      waiting.close();
    }
  }

  /** Tells the client what it could not get. */
  void announce(Gap gap) {
    hub.statistics().gaps().increment();
    send(new ServerMessage.Gap(gap));
  }

  WireFormat format() {
    return format;
  }

  /** Whether the first message was sent, so that others may follow. */
  boolean isWelcomed() {
    return welcomed;
  }

  /** Sends the first message. */
  void welcome(long heartbeatMs) {
    send(new ServerMessage.Welcome(id, heartbeatMs, cursor()));
    welcomed = true;
  }

  /** Whether the topic is subscribed. */
  boolean subscribed(Topic topic) {
    synchronized (outbox) {
      return subscriptions != null && subscriptions.containsKey(topic);
    }
  }

  /** The topics that are subscribed; a copy. */
  public List<Topic> topics() {
    synchronized (outbox) {
      return subscriptions == null ? List.of() : List.copyOf(subscriptions.keySet());
    }
  }

  /** How many topics are subscribed. */
  int topicCount() {
    synchronized (outbox) {
      return subscriptions == null ? 0 : subscriptions.size();
    }
  }

  /** Notes a subscription; false when the session has ended. */
  boolean add(Subscription subscription) {
    synchronized (outbox) {
      if (subscriptions == null) {
        return false;
      }
      subscriptions.put(subscription.feed.topic, subscription);
      return true;
    }
  }

  Optional<Subscription> remove(Topic topic) {
    synchronized (outbox) {
      return subscriptions == null
          ? Optional.empty()
          : Optional.ofNullable(subscriptions.remove(topic));
    }
  }

  /**
   * Marks the session as ended, so that nothing is added any more; empty when it had ended before.
   */
  Optional<List<Subscription>> finish() {
    synchronized (outbox) {
      if (subscriptions == null) {
        return Optional.empty();
      }
      List<Subscription> all = List.copyOf(subscriptions.values());
      subscriptions = null;
      return Optional.of(all);
    }
  }
}
