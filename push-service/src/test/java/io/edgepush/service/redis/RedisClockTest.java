package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Published;
import io.edgepush.backplane.Replay;
import io.edgepush.model.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redis' clock goes back by an hour: the partition's own is ahead then. */
class RedisClockTest extends RedisTests {
  @Test
  void anHourBackKeepsTheOrderAndWhatIsRetained() {
    Node node = node();
    Position begin = node.attach(ORDERS).head();
    List<Published> published = new ArrayList<>();
    published.add(node.publish(ORDERS, "1"));
    long ahead = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
    long born = ahead - Duration.ofHours(2).toMillis();
    REDIS.command("SET", key("clock"), begin.epoch() + " " + ahead + "-5 " + born);

    for (int i = 2; i <= 5; i++) {
      published.add(node.publish(i % 2 == 0 ? LOBBY : ORDERS, Integer.toString(i)));
    }

    for (int i = 1; i < published.size(); i++) {
      assertTrue(position(published, i).isAfter(position(published, i - 1)), published::toString);
    }
    node.heard().awaitEvent(published.getLast());
    assertEquals(
        List.of(published.get(0).id(), published.get(2).id(), published.get(4).id()),
        node.heard().events().stream().map(e -> e.id()).toList());
    assertTrue(node.heard().gaps().isEmpty());
    Replay replay = node.replay(ORDERS, begin);
    assertFalse(replay.gap().isPresent());
    assertEquals(3, replay.events().size());
  }

  private static Position position(List<Published> published, int index) {
    return published.get(index).id().position();
  }
}
