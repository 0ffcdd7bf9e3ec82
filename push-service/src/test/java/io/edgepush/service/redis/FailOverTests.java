package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Recorder;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** A node that publishes and one that receives, while masters change. */
abstract class FailOverTests {
  static final Retention LONG = new Retention(Duration.ofMinutes(10), 100_000, 1L << 28);

  /** How often a fault is made. */
  static final int TIMES = Boolean.getBoolean("long") ? 10 : 1;

  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  final List<Topic> topics = IntStream.range(0, 24).mapToObj(i -> new Topic("topic." + i)).toList();
  final String prefix = "failover" + PREFIXES.incrementAndGet();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** A node and what it hears. */
  record Node(RedisBackplane backplane, Recorder heard) {}

  abstract RedisConfig config();

  Node node() {
    Recorder heard = new Recorder();
    RedisBackplane backplane =
        new RedisBackplane(config().withPrefix(prefix).withTimes(TIMEOUT, TIMEOUT), _ -> LONG);
    open.add(backplane);
    backplane.start(heard);
    return new Node(backplane, heard);
  }

  /** A node that hears all topics. */
  Node listener() {
    Node node = node();
    topics.forEach(topic -> RedisTests.atLast(() -> node.backplane().attach(topic)));
    return node;
  }

  SteadyLoad load(Node node) {
    SteadyLoad load = new SteadyLoad(node.backplane(), topics);
    open.add(load);
    return load;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  /** What of the answered events a master holds, of the topics that lie there. */
  Set<EventId> held(SteadyLoad load, Keys keys, Command command) {
    Set<EventId> held = new HashSet<>();
    Set<EventId> answered = load.ids();
    for (Topic topic : topics) {
      int partition = keys.partition(topic);
      String stream =
          new String(keys.stream(partition, topic), java.nio.charset.StandardCharsets.UTF_8);
      List<?> entries = (List<?>) command.run(partition, "XRANGE", stream, "-", "+");
      Set<String> ids = new HashSet<>();
      entries.forEach(entry -> ids.add((String) ((List<?>) entry).getFirst()));
      answered.stream()
          .filter(id -> id.partition() == partition && ids.contains(id.position().msSeq()))
          .forEach(held::add);
    }
    return held;
  }

  /** A command to the master of a partition. */
  interface Command {
    Object run(int partition, String name, String... arguments);
  }

  /** What a master holds after it took over came to the listener, though it was stored before. */
  static void assertCame(Set<EventId> held, Node listener) {
    Set<EventId> missing = new HashSet<>(held);
    listener.heard().events().stream().map(Event::id).toList().forEach(missing::remove);
    assertEquals(Set.of(), missing, "stored, survived and never delivered");
  }

  /** Says what was seen. */
  static void report(String what, SteadyLoad load, Node listener, int inGaps) {
    System.Logger log = System.getLogger(FailOverTests.class.getName());
    log.log(
        System.Logger.Level.INFO,
        "{0}: {1} published, {2} delivered, {3} lost in {4} gaps, 0 silent, 0 twice, 0 out of order",
        what,
        load.count(),
        listener.heard().events().size(),
        inGaps,
        listener.heard().gaps().size());
    assertTrue(listener.heard().events().size() + inGaps >= load.count());
  }

  static Position position(EventId id) {
    return id.position();
  }
}
