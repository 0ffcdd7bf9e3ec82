package io.edgepush.hub;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import io.edgepush.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The hand-over between those who append and the one who drains, under every interleaving that the
 * processor and the compilers make of it. Run by {@link io.edgepush.HandOverStressTest}.
 */
public final class OutboxStress {
  private OutboxStress() {}

  /** An outbox whose drainer is the test: it drains only when it was told, as the service does. */
  abstract static class Line implements Transport {
    private static final Frame END = frame("!");

    private final StringBuilder written = new StringBuilder();
    private final FrameBatch batch = new FrameBatch(64);
    private final AtomicInteger told = new AtomicInteger();
    private volatile int mostTold;
    final Outbox outbox = new Outbox(this, 1 << 20, _ -> tell());

    static Frame frame(String text) {
      return Frame.control(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void tell() {
      int now = told.incrementAndGet();
      if (now > 1) {
        mostTold = now; // in the drainer's list twice: the list would lose what is behind it
      }
    }

    final void append(String text) {
      outbox.append(frame(text));
    }

    final void close() {
      outbox.close(CloseReason.NORMAL, END);
    }

    /** What the drainer does when it comes by. */
    final void sweep() {
      if (told.get() > 0) {
        told.decrementAndGet();
        if (outbox.drain(batch)) {
          tell();
        }
      }
    }

    /** All that arrives without anybody's help but the drainer's. */
    final String all() {
      while (told.get() > 0) {
        sweep();
      }
      return mostTold > 1 ? "told twice" : written.toString();
    }

    @Override
    public WireFormat format() {
      return WireFormat.WEBSOCKET_JSON;
    }

    @Override
    public boolean singleBatch() {
      return false;
    }

    @Override
    public Written write(FrameBatch frames) {
      for (Frame frame : frames.takeAll()) {
        written.append(new String(frame.bytes(), StandardCharsets.US_ASCII));
      }
      return Written.ALL;
    }

    @Override
    public void close(CloseReason reason) {
      written.append(reason == CloseReason.NORMAL ? '.' : 'x');
    }
  }

  /**
   * Two append at the same time: both frames arrive, once, and the drainer is told once at a time.
   */
  @JCStressTest
  @Outcome(
      id = {"ab", "ba"},
      expect = Expect.ACCEPTABLE,
      desc = "both, in some order")
  @State
  public static class TwoAppend extends Line {
    @Actor
    public void one() {
      append("a");
    }

    @Actor
    public void other() {
      append("b");
    }

    @Arbiter
    public void arbiter(L_Result r) {
      r.r1 = all();
    }
  }

  /**
   * One appends while another one drains: all arrive in their order, whatever was taken between.
   */
  @JCStressTest
  @Outcome(id = "abc", expect = Expect.ACCEPTABLE, desc = "all, in order")
  @State
  public static class AppendWhileDraining extends Line {
    @Actor
    public void appender() {
      append("a");
      append("b");
      append("c");
    }

    @Actor
    public void drainer() {
      sweep();
      sweep();
    }

    @Arbiter
    public void arbiter(L_Result r) {
      r.r1 = all();
    }
  }

  /** A close meets an append: the end comes last, and the connection ends once. */
  @JCStressTest
  @Outcome(
      id = {"a!.", "!."},
      expect = Expect.ACCEPTABLE,
      desc = "before the end, or not at all")
  @State
  public static class CloseMeetsAppend extends Line {
    @Actor
    public void appender() {
      append("a");
    }

    @Actor
    public void closer() {
      close();
    }

    @Arbiter
    public void arbiter(L_Result r) {
      r.r1 = all();
    }
  }

  /** Two close for different reasons: one of them counts, from the last frame to the end. */
  @JCStressTest
  @Outcome(
      id = {"!\\.", "dx"},
      expect = Expect.ACCEPTABLE,
      desc = "one reason, all of it")
  @State
  public static class TwoClose extends Line {
    @Actor
    public void one() {
      close();
    }

    @Actor
    public void other() {
      outbox.close(CloseReason.DRAIN, frame("d"));
    }

    @Arbiter
    public void arbiter(L_Result r) {
      r.r1 = all();
    }
  }

  /** A close meets the drainer: what was appended before goes first. */
  @JCStressTest
  @Outcome(id = "a!.", expect = Expect.ACCEPTABLE, desc = "all, then the end, once")
  @State
  public static class CloseWhileDraining extends Line {
    public CloseWhileDraining() {
      append("a");
    }

    @Actor
    public void closer() {
      close();
    }

    @Actor
    public void drainer() {
      sweep();
    }

    @Arbiter
    public void arbiter(L_Result r) {
      r.r1 = all();
    }
  }
}
