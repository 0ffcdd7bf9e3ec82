package io.edgepush.service.redis;

import io.edgepush.service.testing.ClusterSetup;
import java.net.URI;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The promises of every backplane, kept over a Redis Cluster. */
final class ClusterBackplaneTest extends RedisBackplaneContract {
  @RegisterExtension static final ClusterSetup CLUSTER = new ClusterSetup();

  @Override
  URI uri() {
    return CLUSTER.uri();
  }
}
