package io.edgepush.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryKeysTest {
  private static final Topic TOPIC = new Topic("a");

  private final MemoryKeys keys = new MemoryKeys(Duration.ofMillis(100), 1_000);

  @Test
  void expiredKeysAreDroppedAsNewOnesCome() {
    for (int i = 0; i < 1_000; i++) {
      keys.add(key(i), at(0), 0);
    }

    for (int i = 0; i < 300; i++) {
      keys.add(key(1_000 + i), at(100), 100);
    }

    assertEquals(300, keys.size());
  }

  @Test
  void beyondTheBoundTheOldestKeyGoesFirst() {
    for (int i = 0; i <= 1_000; i++) {
      keys.add(key(i), at(i % 50), i % 50);
    }

    assertEquals(1_000, keys.size());
    assertEquals(Optional.empty(), keys.find(key(0), 50));
    assertEquals(Optional.of(at(1)), keys.find(key(1), 50));
  }

  @Test
  void aKeyThatIsUsedAnewAfterItsLifetimeLivesAsLongAsOneThatIsNew() {
    keys.add(key(0), at(0), 0);
    keys.add(key(1), at(50), 50);
    keys.add(key(0), at(100), 100);

    assertEquals(Optional.of(at(100)), keys.find(key(0), 199));
    keys.add(key(2), at(199), 199);
    assertEquals(Optional.of(at(100)), keys.find(key(0), 199));
  }

  private static MemoryKeys.Key key(int i) {
    return new MemoryKeys.Key(TOPIC, "k" + i);
  }

  private static Position at(long ms) {
    return new Position("e", ms, 0);
  }
}
