package io.edgepush.hub;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts what happens in the hub. Safe for any thread; reads are not atomic across counters. */
public final class HubStatistics {
  private final LongAdder events = new LongAdder();
  private final LongAdder deliveries = new LongAdder();
  private final LongAdder replays = new LongAdder();
  private final LongAdder replayedEvents = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final Map<String, LongAdder> connections =
      Arrays.stream(WireFormat.values())
          .map(WireFormat::transport)
          .distinct()
          .collect(Collectors.toUnmodifiableMap(transport -> transport, _ -> new LongAdder()));
  private final Map<CloseReason, LongAdder> closes = counters(CloseReason.class);

  HubStatistics() {}

  /** Events that came from the backplane. */
  public LongAdder events() {
    return events;
  }

  /** Events appended to connections, live ones and replayed ones. */
  public LongAdder deliveries() {
    return deliveries;
  }

  /** Subscribes that read from the backplane. */
  public LongAdder replays() {
    return replays;
  }

  /** Events that these read and delivered. */
  public LongAdder replayedEvents() {
    return replayedEvents;
  }

  /** Gaps announced to connections. */
  public LongAdder gaps() {
    return gaps;
  }

  /** Events that an overflow policy skipped; gaps tell of them. */
  public LongAdder skipped() {
    return skipped;
  }

  /** Open connections by {@link WireFormat#transport()}; not modifiable. */
  public Map<String, LongAdder> connections() {
    return connections;
  }

  /** Ended connections by reason; not modifiable. */
  public Map<CloseReason, LongAdder> closes() {
    return closes;
  }

  private static <K extends Enum<K>> Map<K, LongAdder> counters(Class<K> keys) {
    EnumMap<K, LongAdder> map = new EnumMap<>(keys);
    for (K key : keys.getEnumConstants()) {
      map.put(key, new LongAdder());
    }
    return Collections.unmodifiableMap(map);
  }
}
