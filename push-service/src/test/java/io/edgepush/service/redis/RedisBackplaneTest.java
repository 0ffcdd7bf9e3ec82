package io.edgepush.service.redis;

import io.edgepush.service.testing.RedisServer;
import java.net.URI;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The promises of every backplane, kept over Redis. */
final class RedisBackplaneTest extends RedisBackplaneContract {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  @Override
  URI uri() {
    return REDIS.uri();
  }
}
