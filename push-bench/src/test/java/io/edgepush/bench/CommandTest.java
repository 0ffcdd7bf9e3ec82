package io.edgepush.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgepush.service.Node;
import io.edgepush.service.config.ConfigReader;
import io.edgepush.testing.Certificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as a user gives them, against a node of the service. */
class CommandTest {
  private static Node node;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws IOException {
    node = start(new String[0]);
  }

  private static Node start(String... options) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("--mode=development", "--port=0", "--private-port=0", "--drain=0s"));
    all.addAll(List.of(options));
    Node started = new Node(ConfigReader.read(all, Map.of()));
    started.start();
    return started;
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "sse", "poll"})
  void aFanoutDeliversEverythingOverEachTransport(String transport) throws IOException {
    JsonNode result =
        run(
            "fanout",
            "--transport=" + transport,
            "--connections=20",
            "--warmup=200ms",
            "--rate=50");

    assertAllArrived(result);
    assertTrue(result.at("/figures/delivered").asInt() > 0);
    assertTrue(result.at("/times_us/latency/p50").asInt() > 0);
    assertTrue(Files.readString(directory.resolve("page.html")).contains("<svg"));
  }

  @Test
  void batchesTopicsAndPublishersAreAccountedFor() throws IOException {
    assertAllArrived(
        run(
            "fanout",
            "--connections=20",
            "--warmup=0s",
            "--topics=50",
            "--topics-per-connection=8",
            "--publishers=4",
            "--batch=10",
            "--threads=2",
            "--rate=500"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "sse", "poll"})
  void inAStormEverybodyResumesAndNothingIsLost(String transport) throws IOException {
    JsonNode result =
        run(
            "storm",
            "--transport=" + transport,
            "--connections=60",
            "--live=5",
            "--rate=100",
            "--warmup=1s");

    assertAllArrived(result);
    assertEquals(60, result.at("/figures/resumed").asInt());
    assertTrue(result.at("/times_us/live_latency_in_the_storm/count").asInt() >= 0);
  }

  @Test
  void readersThatNeverReadAreNotCountedAsLosses() throws IOException {
    JsonNode result =
        run("fanout", "--connections=10", "--stuck=5", "--size=10000", "--rate=300", "--warmup=0s");

    assertAllArrived(result);
    assertEquals("5", result.at("/setup/stuck").asText());
  }

  @Test
  void connectTellsWhatAConnectionCosts() throws IOException {
    JsonNode result = run("connect", "--connections=100", "--pid=" + pid());

    assertEquals(100, result.at("/figures/subscribed").asInt());
    assertEquals(100, result.at("/times_us/until_subscribed/count").asInt());
    assertTrue(result.at("/figures").has("server_RSS_a_connection_KiB"));
  }

  @Test
  void publishPublishesAsManyAsAreAnswered() throws IOException {
    JsonNode result = run("publish", "--publishers=4", "--warmup=0s");

    assertTrue(result.at("/figures/published_s").asDouble() > 0);
    assertTrue(result.at("/times_us/publish_call/count").asInt() > 0);
  }

  @Test
  void aSoakJudgesTheMemoryOfTheServer() throws IOException {
    JsonNode result =
        run(
            "soak",
            "--connections=5",
            "--warmup=0s",
            "--duration=4s",
            "--every=1s",
            "--max-drift=1000",
            "--pid=" + pid());

    assertTrue(result.at("/figures").has("server_RSS_drift_percent"));
    assertTrue(out.toString().lines().filter(line -> line.contains("RSS")).count() >= 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "sse"})
  void theBaselineSendsFramesAsLongAsTheService(String transport) throws IOException {
    String[] load = {"--transport=" + transport, "--connections=10", "--warmup=0s"};
    JsonNode baseline = run("baseline", load);
    JsonNode service = run("fanout", load);

    assertAllArrived(baseline);
    double theirs = baseline.at("/figures/read_for_a_delivery_bytes").asDouble();
    double ours = service.at("/figures/read_for_a_delivery_bytes").asDouble();
    assertEquals(ours, theirs, 0.03 * ours);
  }

  @Test
  void whatTheServiceRefusesIsAFault() {
    int code = execute("fanout", "--token=none", "--connections=1", "--size=28");
    assertEquals(2, code);
    assertTrue(err.toString().contains("--size: 29 to 65536 bytes"), err::toString);

    Node other = node;
    code =
        execute(
            "fanout",
            "--url=http://127.0.0.1:" + other.privatePort(),
            "--connections=3",
            "--duration=200ms",
            "--warmup=0s");
    assertEquals(1, code);
    assertTrue(out.toString().contains("FAULT connections refused: 3"), out::toString);
    assertTrue(out.toString().contains("404"), out::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "sse", "poll"})
  void everythingArrivesOverTlsAndACertificateThatNobodyTrustsIsRefused(String transport)
      throws IOException {
    Certificates made = Certificates.make(directory, "EC");
    try (Node encrypted =
        start(
            "--tls-certificate=" + made.chain(),
            "--tls-key=" + made.key(),
            "--private-tls-certificate=" + made.chain(),
            "--private-tls-key=" + made.key())) {
      String[] load = {
        "--duration=500ms",
        "--url=https://localhost:" + encrypted.port(),
        "--publish-url=https://localhost:" + encrypted.privatePort(),
        "--transport=" + transport,
        "--connections=20",
        "--size=20000",
        "--warmup=0s",
        "--insecure"
      };
      JsonNode result = run("fanout", load);
      assertAllArrived(result);
      assertTrue(result.at("/figures/delivered").asInt() > 0, result::toPrettyString);
      assertEquals(List.of(), result.at("/faults").valueStream().toList());

      assertEquals(1, execute("fanout", Arrays.copyOf(load, load.length - 1)));
      assertTrue(out.toString().contains("FAULT connections refused: 20"), out::toString);
      assertTrue(out.toString().contains("PKIX"), out::toString);
    }
  }

  @Test
  void anUrlThatIsNoneIsRefusedWithTheReason() {
    assertEquals(2, execute("fanout", "--url=ftp://push.example"));
    assertTrue(err.toString().contains("wss:// is needed"), err::toString);
  }

  private static void assertAllArrived(JsonNode result) {
    assertEquals(0, result.at("/figures/lost").asInt(), result::toPrettyString);
    assertEquals(0, result.at("/figures/duplicates").asInt(), result::toPrettyString);
    assertEquals(0, result.at("/figures/out_of_order").asInt(), result::toPrettyString);
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private JsonNode run(String command, String... arguments) throws IOException {
    Path json = directory.resolve("result.json");
    List<String> all = new ArrayList<>(List.of("--duration=500ms"));
    all.addAll(List.of(arguments));
    all.add("--json=" + json);
    all.add("--html=" + directory.resolve("page.html"));
    int code = execute(command, all.toArray(String[]::new));
    assertTrue(code == 0 || code == 1, err::toString);
    return new ObjectMapper().readTree(json.toFile());
  }

  private int execute(String command, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(command);
    all.add("--url=http://127.0.0.1:" + node.port());
    all.add("--publish-url=http://127.0.0.1:" + node.privatePort());
    all.addAll(List.of(arguments));
    return Main.commandLine()
        .setOverwrittenOptionsAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
