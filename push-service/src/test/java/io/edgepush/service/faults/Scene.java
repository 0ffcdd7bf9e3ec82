package io.edgepush.service.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.model.Topic;
import io.edgepush.service.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Clients that subscribe and publishers that publish, on nodes to which something is about to
 * happen, and in the end the verdict. Each scene has topics of its own. For the thread of one test.
 */
final class Scene implements AutoCloseable {
  /** Whether there is time: {@code -Dlong=true}. */
  static final boolean LONG = Boolean.getBoolean("long");

  /** What each node needs: history for the whole scene, and to notice what is dead soon. */
  private static final String[] OPTIONS = {
    "--heartbeat=" + Scene.HEARTBEAT_MS + "ms",
    "--redis-timeout=1s",
    "--retention-events=1000000",
    "--retention-bytes=1073741824",
    "--retention-age=30m"
  };

  static final int HEARTBEAT_MS = 2_000;

  private static final int CLIENTS = 200;
  private static final int TOPICS = 20;

  /**
   * Events a second. The short variants share two cores with their clients and nodes and with other
   * tests: 400, each delivered to 20 clients, leave them idle for most of the time.
   */
  private static final int RATE = LONG ? 1_000 : 400;

  /** One in so many clients stays with a connection however silent it is; at each node. */
  private static final int PATIENT_IN = 5;

  private static final Duration FOREVER = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(LONG ? 120 : 60);
  private static final AtomicInteger SCENES = new AtomicInteger();

  private final Ledger ledger = new Ledger();
  private final Nodes nodes;
  private final List<Client> clients = new ArrayList<>();
  private final Press press;

  private Scene(Nodes nodes, int count) {
    this.nodes = nodes;
    long seed = System.nanoTime();
    int scene = SCENES.incrementAndGet();
    System.out.println("scene " + scene + ": seed " + seed);
    List<Topic> topics =
        IntStream.range(0, TOPICS).mapToObj(i -> new Topic("scene-" + scene + "." + i)).toList();
    press = new Press(ledger, topics, nodes, RATE, seed);
    for (int i = 0; i < count; i++) {
      List<Topic> two = List.of(topics.get(i % TOPICS), topics.get((i * 7 + 3) % TOPICS));
      Wire wire = Wire.values()[i % Wire.values().length];
      Duration patience = i % PATIENT_IN == 0 ? FOREVER : Duration.ofMillis(2 * HEARTBEAT_MS);
      clients.add(new Client(wire, two, nodes, i, patience));
    }
  }

  /** The options of nodes that keep no more than a minute. */
  static String[] soakOptions() {
    return new String[] {
      "--heartbeat=" + HEARTBEAT_MS + "ms",
      "--retention-age=1m",
      "--linger=1s",
      "--redis-timeout=5s"
    };
  }

  /** The options, and more. */
  static String[] options(String... more) {
    return Stream.concat(Arrays.stream(OPTIONS), Arrays.stream(more)).toArray(String[]::new);
  }

  /** 200 clients, a third of them by each transport, of two topics each; events flow. */
  static Scene on(Nodes nodes) {
    Scene scene = new Scene(nodes, CLIENTS);
    scene.until(
        "all nodes are ready", () -> IntStream.range(0, nodes.count()).allMatch(nodes::isReady));
    scene.until(
        "all clients are welcome", () -> scene.clients.stream().allMatch(c -> c.welcomes() > 0));
    scene.press.start();
    return scene.flow(RATE / 2);
  }

  /** Waits until so many more events are stored, and as many deliveries came. */
  Scene flow(int events) {
    long stored = (long) ledger.count() + events;
    long got = accepted() + events;
    until("events flow", () -> ledger.count() >= stored && accepted() >= got);
    return this;
  }

  private long accepted() {
    return clients.stream().mapToLong(c -> c.reception().accepted()).sum();
  }

  /** Waits for something. */
  void until(String what, Callable<Boolean> condition) {
    try {
      await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + ": " + trouble(), e);
    }
  }

  private String trouble() {
    return ledger.count()
        + " stored, "
        + ledger.refused()
        + " refused, "
        + ledger.unknown()
        + " unknown; "
        + clients.stream()
            .filter(c -> !c.reception().upToDate(ledger))
            .limit(5)
            .map(c -> c + " lacks " + c.reception().behind(ledger))
            .toList();
  }

  /** Ends the load in order, waits for what is due, and judges. */
  Findings verdict() {
    press.finish();
    until(
        "everything arrives", () -> clients.stream().allMatch(c -> c.reception().upToDate(ledger)));
    Findings findings = new Findings(ledger.count());
    clients.forEach(client -> client.reception().judge(ledger, findings));
    System.out.println(findings.sentence() + "; " + trouble());
    return findings;
  }

  /**
   * Ends the load, and the verdict has to be that what a client did not get lies in a gap that it
   * was told of, for this reason and no other.
   */
  Findings assertLostOnlyInGaps(String reason) {
    Findings findings = verdict();
    int all = ledger.count();
    assertEquals(
        all
            + " published, "
            + (all - findings.lost())
            + " delivered to each, "
            + findings.lost()
            + " lost, 0 twice, 0 out of order, "
            + findings.gaps()
            + " gaps announced, 0 silent",
        findings.sentence());
    assertEquals(List.of(reason), findings.reasons());
    return findings;
  }

  Ledger ledger() {
    return ledger;
  }

  Press press() {
    return press;
  }

  Nodes nodes() {
    return nodes;
  }

  List<Client> clients() {
    return clients;
  }

  /** How many clients began at a node and stay there however silent it is. */
  long patientAt(int node) {
    return IntStream.range(0, clients.size())
        .filter(i -> i % PATIENT_IN == 0 && i % nodes.count() == node)
        .count();
  }

  /** The clients whose connections last. */
  List<Client> streams() {
    return clients.stream().filter(c -> c.wire() != Wire.LONG_POLL).toList();
  }

  /** Ends the load, and the verdict has to be that every client got everything, once, in order. */
  void assertNothingLost() {
    String sentence = verdict().sentence();
    int all = ledger.count();
    assertEquals(
        all
            + " published, "
            + all
            + " delivered to each, 0 lost, 0 twice, 0 out of order, 0 gaps announced, 0 silent",
        sentence);
  }

  @Override
  public void close() {
    press.close();
    clients.parallelStream().forEach(Client::close);
  }
}
