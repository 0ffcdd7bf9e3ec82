package io.edgepush.service.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgepush.service.testing.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network that swallows packets and says nothing: the node and its clients have one of their own,
 * with a firewall in it.
 */
class SilentNetworkTest {
  private static final int LOST_PORT = 45_001;
  private static final int KEPT_PORT = 45_002;

  @TempDir static Path directory;

  @BeforeAll
  static void aNetworkCanBeMade() throws Exception {
    String probe = "ip link set lo up && iptables -L INPUT && curl --version && nsenter --version";
    assumeTrue(
        exitOf("sh", "-c", "unshare --net sh -c '" + probe + "'") == 0,
        "needs root, ip, iptables, curl, unshare and nsenter");
  }

  @Test
  void anEventStreamWhosePeerAcknowledgesNothingIsEndedAndTheOthersGoOn() throws Exception {
    List<Process> clients = new ArrayList<>();
    try (ServiceProcess node = ServiceProcess.readyApart(directory, "--heartbeat=1s")) {
      Apart apart = new Apart(node);
      Path lost = directory.resolve("lost.txt");
      Path kept = directory.resolve("kept.txt");
      clients.add(apart.subscribe(LOST_PORT, lost));
      clients.add(apart.subscribe(KEPT_PORT, kept));
      await().until(() -> apart.metrics().contains("push_connections{transport=\"sse\"} 2.0"));
      apart.publish("before");
      await().until(() -> Files.readString(lost).contains("before"));

      apart.swallow(LOST_PORT);

      await()
          .atMost(60, SECONDS)
          .until(() -> apart.metrics().contains("push_closes_total{reason=\"gone\"} 1.0"));
      assertTrue(apart.metrics().contains("push_connections{transport=\"sse\"} 1.0"));
      apart.publish("behind");
      await().until(() -> Files.readString(kept).contains("behind"));
      assertFalse(Files.readString(lost).contains("behind"));
    } finally {
      clients.forEach(Process::destroyForcibly);
    }
  }

  /** What is done in the network of a node. */
  private record Apart(long pid, int publicPort, int privatePort) {
    Apart(ServiceProcess node) throws IOException {
      this(node.pid(), node.port("subscribe"), node.port("publish"));
    }

    private String[] in(String... command) {
      List<String> all = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid), "-n"));
      all.addAll(List.of(command));
      return all.toArray(String[]::new);
    }

    Process subscribe(int from, Path to) throws IOException {
      String url = "http://127.0.0.1:" + publicPort + "/subscribe?topic=a";
      String port = Integer.toString(from);
      String accept = "Accept: text/event-stream";
      return new ProcessBuilder(in("curl", "-sN", "--local-port", port, "-H", accept, url))
          .redirectOutput(to.toFile())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    }

    void publish(String data) throws Exception {
      String url = "http://127.0.0.1:" + privatePort + "/v1/topics/a";
      String type = "Content-Type: text/plain";
      assertTrue(exitOf(in("curl", "-sf", "-H", type, "--data-binary", data, url)) == 0);
    }

    String metrics() throws IOException {
      String url = "http://127.0.0.1:" + privatePort + "/metrics";
      Process curl =
          new ProcessBuilder(in("curl", "-sf", url))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** From now on what is sent to a port vanishes. */
    void swallow(int port) throws Exception {
      String to = Integer.toString(port);
      assertTrue(
          exitOf(in("iptables", "-A", "INPUT", "-p", "tcp", "--dport", to, "-j", "DROP")) == 0);
    }
  }

  private static int exitOf(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
