package io.edgepush.service.redis;

import io.edgepush.service.testing.SentinelSetup;
import java.net.URI;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The promises of every backplane, kept over a master that sentinels watch. */
final class SentinelBackplaneTest extends RedisBackplaneContract {
  @RegisterExtension static final SentinelSetup SENTINELS = new SentinelSetup();

  @Override
  URI uri() {
    return SENTINELS.uri();
  }
}
