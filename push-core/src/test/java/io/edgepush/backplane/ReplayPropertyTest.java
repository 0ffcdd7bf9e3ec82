package io.edgepush.backplane;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

class ReplayPropertyTest {
  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void everyEventIsDeliveredOnceAndInOrderOrLiesInAnAnnouncedGap(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 4) int partitions) {
    World world = new World(partitions);
    steps.forEach(world::take);
    world.finish();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> topics = Arbitraries.integers().between(0, World.TOPICS - 1);
    Arbitrary<Integer> clients = Arbitraries.integers().between(0, World.CLIENTS - 1);
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(
                12,
                Combinators.combine(topics, Arbitraries.integers().between(0, 150))
                    .as(Step.Publish::new)),
            Tuple.of(5, times().map(Step.LetPass::new)),
            Tuple.of(1, topics.map(Step.Purge::new)),
            Tuple.of(4, Combinators.combine(clients, topics).as(Step.Subscribe::new)),
            Tuple.of(4, clients.map(Step.Cut::new)),
            Tuple.of(
                4,
                Combinators.combine(clients, Arbitraries.integers().between(1, 3))
                    .as(Step.Resume::new)),
            Tuple.of(1, Arbitraries.just(new Step.Restart())));
    return step.list().ofMaxSize(100);
  }

  private static Arbitrary<Duration> times() {
    return Arbitraries.of(
        Duration.ofMillis(1),
        Duration.ofMillis(300),
        Duration.ofMillis(300),
        Duration.ofMillis(-200),
        Duration.ofSeconds(1),
        Duration.ofHours(11),
        Duration.ofHours(25));
  }
}
