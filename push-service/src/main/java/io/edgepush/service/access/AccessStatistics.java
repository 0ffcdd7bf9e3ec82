package io.edgepush.service.access;

import io.edgepush.access.Credentials.Role;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts who was let in and who was not. Safe for any thread. */
public final class AccessStatistics {
  private final Map<Role, LongAdder> accepted = counters(Role.class);
  private final Map<Role, Map<Refusal, LongAdder>> refused = new EnumMap<>(Role.class);
  private final Map<Role, LongAdder> forbidden = counters(Role.class);

  AccessStatistics() {
    for (Role role : Role.values()) {
      refused.put(role, counters(Refusal.class));
    }
  }

  /** Credentials that were valid. */
  public Map<Role, LongAdder> accepted() {
    return accepted;
  }

  /** Credentials that were refused, by why. */
  public Map<Role, Map<Refusal, LongAdder>> refused() {
    return Collections.unmodifiableMap(refused);
  }

  /** Actions that were not permitted. */
  public Map<Role, LongAdder> forbidden() {
    return forbidden;
  }

  private static <K extends Enum<K>> Map<K, LongAdder> counters(Class<K> keys) {
    EnumMap<K, LongAdder> map = new EnumMap<>(keys);
    for (K key : keys.getEnumConstants()) {
      map.put(key, new LongAdder());
    }
    return Collections.unmodifiableMap(map);
  }
}
