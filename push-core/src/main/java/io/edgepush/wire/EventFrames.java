package io.edgepush.wire;

import io.edgepush.model.Event;

/**
 * An event and its frames, each encoded when first asked for. For one thread at a time; the frames
 * are for any.
 */
public final class EventFrames {
  private static final int FORMATS = WireFormat.values().length;

  private final Event event;
  private final Frame[] frames = new Frame[FORMATS];

  /** Nothing is encoded yet. */
  public EventFrames(Event event) {
    this.event = event;
  }

  /** The event. */
  public Event event() {
    return event;
  }

  /** The event's frame in a format; the same one each time. */
  public Frame in(WireFormat format) {
    int i = format.ordinal();
    if (frames[i] == null) {
      frames[i] = format.encode(event);
    }
    return frames[i];
  }
}
