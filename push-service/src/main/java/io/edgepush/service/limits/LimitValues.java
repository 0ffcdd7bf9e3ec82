package io.edgepush.service.limits;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A value for each limit.
 *
 * @param values by limit; one that is missing is off
 */
public record LimitValues(Map<Limit, Integer> values) {
  /** Copies the values. */
  public LimitValues {
    Map<Limit, Integer> copy = new EnumMap<>(Limit.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
  }

  /** The value; 0 is off. */
  public int of(Limit limit) {
    return values.getOrDefault(limit, 0);
  }
}
