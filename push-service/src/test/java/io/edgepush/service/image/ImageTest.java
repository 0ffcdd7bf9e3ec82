package io.edgepush.service.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.Wire;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** Needs a Docker engine with the image; see {@code ./test}. */
@Tag("image")
class ImageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void whatIsPublishedAtOneContainerArrivesAtAnotherOverEachTransport() {
    List<Topic> topics = IntStream.range(0, 5).mapToObj(i -> new Topic("image." + i)).toList();
    Ledger ledger = new Ledger();
    try (Network network = Network.newNetwork();
        GenericContainer<?> redis = ImageNode.redis(network)) {
      redis.start();
      try (ImageNode a = ImageNode.start(network, "redis");
          ImageNode b = ImageNode.start(network, "redis")) {
        List<Subscriber> subscribers =
            Arrays.stream(Wire.values()).map(w -> w.subscribe(b.place(), Ask.of(topics))).toList();
        Publisher publisher = new Publisher(a.place(), ledger, ImageNode.KEY);
        IntStream.range(0, 100).forEach(i -> publisher.publish(topics.get(i % 5)));
        for (Subscriber subscriber : subscribers) {
          subscriber.awaitEvents(100);
          assertEquals(
              "100 published, 100 delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
              ledger.account(subscriber.view(), ledger.all(topics)).sentence());
        }
        b.terminate();
        for (Subscriber subscriber : subscribers.subList(0, 2)) {
          subscriber.awaitNotice("reconnect");
        }
        subscribers.forEach(Subscriber::awaitEnd);
        await().atMost(PATIENCE).until(() -> !b.state().getState().getRunning());
        assertEquals(0, b.state().getState().getExitCodeLong());
      }
    }
  }

  @Test
  void itRunsWithoutPrivilegesAndCanWriteNothing() {
    try (ImageNode node = ImageNode.start()) {
      assertNotEquals("0", node.run("id", "-u").getStdout().strip());
      assertNotEquals(0, node.run("touch", "/tmp/a").getExitCode());
      assertNotEquals(0, node.run("touch", "/opt/edgepush/a").getExitCode());
      String status = node.run("cat", "/proc/1/status").getStdout();
      assertTrue(status.contains("Name:\tjava"), status);
      assertTrue(status.contains("CapEff:\t0000000000000000"), status);
      String writable = node.run("find", "/opt", "-perm", "/022", "!", "-type", "l").getStdout();
      assertEquals("", writable, "writable by others");
    }
  }

  @Test
  void theEngineIsToldOfItsHealth() {
    try (ImageNode node = ImageNode.start()) {
      assertEquals(0, node.run("/opt/edgepush/health", "live").getExitCode());
      assertEquals(0, node.run("/opt/edgepush/health", "ready").getExitCode());
      assertNotEquals(0, node.run("/opt/edgepush/health", "nonsense").getExitCode());
      await()
          .atMost(PATIENCE)
          .until(() -> "healthy".equals(node.state().getState().getHealth().getStatus()));
    }
  }

  @Test
  void itUsesTheCacheOfItsClasses() {
    try (ImageNode node = ImageNode.start()) {
      String maps = node.run("cat", "/proc/1/maps").getStdout();
      assertTrue(maps.contains("/opt/edgepush/edgepush.aot"), maps);
      assertFalse(node.log().contains("[warning]"), node::log);
    }
  }

  @Test
  void itsLabelsAndItsBillOfMaterialsSayWhatItIs() {
    try (ImageNode node = ImageNode.start()) {
      Map<String, String> labels = node.state().getConfig().getLabels();
      for (String name : List.of("title", "version", "revision", "created", "licenses")) {
        assertNotEquals("", labels.getOrDefault("org.opencontainers.image." + name, ""), name);
      }
      String parts = node.run("cat", "/opt/edgepush/sbom.cdx.json").getStdout();
      assertTrue(parts.contains("pkg:maven/redis.clients/jedis@"), "no CycloneDX document");
    }
  }
}
