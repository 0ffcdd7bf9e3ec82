package io.edgepush.fallbacks;

import io.edgepush.hub.FrameBatch;
import io.edgepush.hub.Outbox;
import io.edgepush.hub.Transport;
import io.edgepush.model.Cursor;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import io.edgepush.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One long-poll's answer in the making. The virtual thread of the HTTP request is its drainer, and
 * the only one that calls anything here but {@link #wake} and {@link #close}.
 */
final class PollTransport implements Transport {
  private final FrameBatch batch = new FrameBatch(0);
  private final Semaphore news = new Semaphore(0);
  private final List<byte[]> events = new ArrayList<>();
  private final List<byte[]> gaps = new ArrayList<>();
  private Cursor cursor = Cursor.EMPTY;

  @Override
  public WireFormat format() {
    return WireFormat.POLL;
  }

  @Override
  public boolean singleBatch() {
    return true;
  }

  /** Tells the waiting thread that there is something to drain. Safe for any thread. */
  void wake(Outbox outbox) {
    news.release();
  }

  @Override
  public void close(CloseReason reason) {
    news.release();
  }

  @Override
  public Written write(FrameBatch frames) {
    for (Frame frame : frames.takeAll()) {
      switch (frame.kind()) {
        case EVENT -> {
          events.add(frame.bytes());
          frame.eventId().ifPresent(id -> cursor = cursor.advancedTo(id));
        }
        case GAP -> gaps.add(frame.bytes());
        case CURSOR -> cursor = Cursor.parse(new String(frame.bytes(), StandardCharsets.US_ASCII));
        case CONTROL -> {}
      }
    }
    return Written.ALL;
  }

  /**
   * Takes what the outbox holds, and waits for an event, a gap or the end of the session, whichever
   * comes first.
   */
  void collect(Outbox outbox, Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    do {
      news.drainPermits();
      take(outbox);
      if (!events.isEmpty() || !gaps.isEmpty() || outbox.isClosing()) {
        return;
      }
    } while (news.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  /** Takes what the outbox holds. */
  void take(Outbox outbox) {
    while (outbox.drain(batch)) {
      // goes on until nothing is left
    }
  }

  /** Where the client goes on; empty when not even the beginning is known. */
  Cursor cursor() {
    return cursor;
  }

  /** The answer of docs/PROTOCOL.md. */
  byte[] answer() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.writeBytes(
        ("{\"cursor\":\"" + cursor + "\",\"events\":[").getBytes(StandardCharsets.US_ASCII));
    join(out, events);
    out.writeBytes("],\"gaps\":[".getBytes(StandardCharsets.US_ASCII));
    join(out, gaps);
    out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static void join(ByteArrayOutputStream out, List<byte[]> objects) {
    for (int i = 0; i < objects.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(objects.get(i));
    }
  }
}
