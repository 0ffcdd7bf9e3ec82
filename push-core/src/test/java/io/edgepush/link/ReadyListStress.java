package io.edgepush.link;

import io.edgepush.hub.FrameBatch;
import io.edgepush.hub.Outbox;
import io.edgepush.hub.Transport;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The list between publishers, the selector and a drainer, under every interleaving. Run by {@link
 * io.edgepush.HandOverStressTest}.
 */
public final class ReadyListStress {
  private ReadyListStress() {}

  /** The drainer rests while an outbox is added: it does not rest, or it is woken. */
  @JCStressTest
  @Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "rests though something is there")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "woken, or does not rest")
  @State
  public static class NobodyIsForgotten {
    private final ReadyList list = new ReadyList();
    private final Outbox outbox = outbox();

    @Actor
    public void publisher(ZZ_Result r) {
      r.r1 = list.add(outbox);
    }

    @Actor
    public void drainer(ZZ_Result r) {
      r.r2 = list.rest();
    }
  }

  /** A publisher and the selector add at the same time: the drainer gets each once. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "each once")
  @State
  public static class TwoAdd extends Taken {
    @Actor
    public void publisher() {
      list.add(one);
    }

    @Actor
    public void selector() {
      list.add(other);
    }

    @Arbiter
    public void arbiter(II_Result r) {
      tell(r);
    }
  }

  /** The drainer takes while somebody adds: it gets each once, now or the next time. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "each once")
  @State
  public static class AddWhileTaking extends Taken {
    @Actor
    public void publisher() {
      list.add(one);
      list.add(other);
    }

    @Actor
    public void drainer() {
      take();
    }

    @Arbiter
    public void arbiter(II_Result r) {
      tell(r);
    }
  }

  /** Counts what the drainer gets. */
  abstract static class Taken {
    final ReadyList list = new ReadyList();
    final Outbox one = outbox();
    final Outbox other = outbox();
    private int ones;
    private int others;

    final void take() {
      for (Outbox o = list.takeAll(); o != null; o = o.nextReady()) {
        ones += o == one ? 1 : 0;
        others += o == other ? 1 : 0;
      }
    }

    final void tell(II_Result r) {
      take();
      r.r1 = ones;
      r.r2 = others;
    }
  }

  private static Outbox outbox() {
    return new Outbox(new Nowhere(), 1, _ -> {});
  }

  private static final class Nowhere implements Transport {
    @Override
    public WireFormat format() {
      return WireFormat.WEBSOCKET_JSON;
    }

    @Override
    public boolean singleBatch() {
      return false;
    }

    @Override
    public Written write(FrameBatch batch) {
      return Written.GONE;
    }

    @Override
    public void close(CloseReason reason) {
      // it is nowhere already
    }
  }
}
