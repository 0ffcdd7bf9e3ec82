package io.edgepush.service.operations;

import io.edgepush.service.shedding.LoadShedder;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** The meters of load shedding. */
public final class SheddingMeters {
  private SheddingMeters() {}

  /** Adds them. */
  public static void bind(MeterRegistry registry, LoadShedder shedder) {
    Gauge.builder("push.shedding.step", shedder, s -> s.step().ordinal())
        .description("what is shed: 0 nothing, 1 new connections, 2 samples too, 3 publishes too")
        .register(registry);
    shedder
        .refused()
        .forEach(
            (step, count) ->
                FunctionCounter.builder("push.shed", count, LongAdder::doubleValue)
                    .tag("what", step.key())
                    .description("what was refused because there was too much to do")
                    .register(registry));
    Gauge.builder("push.load.cpu", shedder, s -> s.load().cpu())
        .description("processors in use by this process over the last seconds, 0 to 1")
        .register(registry);
    Gauge.builder("push.load.heap", shedder, s -> s.load().heap())
        .description("heap in use after garbage was collected, 0 to 1")
        .register(registry);
    Gauge.builder("push.outbox.bytes", shedder, s -> s.load().outboxBytes())
        .description("bytes waiting for all connections")
        .register(registry);
  }
}
