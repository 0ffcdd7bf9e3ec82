package io.edgepush.model;

/**
 * An event's id: its position and the partition that it holds in, as text {@code
 * partition:epoch:ms-seq}.
 *
 * @param partition 0 to 16,383
 * @param position where it stands there
 */
public record EventId(int partition, Position position) {
  /** One more than the highest partition there can be. */
  public static final int MAX_PARTITIONS = 16_384;

  /** Checks the partition. */
  public EventId {
    if (partition < 0 || partition >= MAX_PARTITIONS) {
      throw new IllegalArgumentException("partition out of range");
    }
  }

  /**
   * Reads {@code partition:epoch:ms-seq}.
   *
   * @throws IllegalArgumentException when the text is not an event id
   */
  public static EventId parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon > 5 || !text.chars().limit(colon).allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("an event id is partition:epoch:ms-seq");
    }
    return new EventId(
        Integer.parseInt(text, 0, colon, 10), Position.parse(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return partition + ":" + position;
  }
}
