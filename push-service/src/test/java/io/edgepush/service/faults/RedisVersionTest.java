package io.edgepush.service.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that is too old. */
class RedisVersionTest {
  private static final String NEEDED = "the server is Redis 6.2.14, but";

  @TempDir Path directory;

  @Test
  void isNamedInTheLogAndInReadinessAndNotAskedWithoutEnd() throws IOException {
    try (OldRedis redis = new OldRedis("6.2.14");
        Nodes nodes = new Nodes(directory, redis.port()).start(1)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> nodes.get(0, "/health/ready").text().contains(NEEDED));
      HttpAnswer ready = nodes.get(0, "/health/ready");
      assertEquals(503, ready.status());
      assertEquals("DOWN", ready.json().path("status").asText());
      int connections = nodes.redis(0).accepted();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> nodes.redis(0).accepted() >= connections + 3);

      // Each of the three connections says it once, however often it tries, and tries ever less
      // often.
      assertEquals(3, nodes.log(0, NEEDED).size(), nodes.log(0, "")::toString);
      assertTrue(nodes.redis(0).accepted() < 60, () -> nodes.redis(0).accepted() + " attempts");
      assertEquals(200, nodes.get(0, "/health/live").status());
    }
  }
}
