package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * Whatever is lost, cut, dropped, trimmed or forgotten, in whatever order: every event comes once
 * and in order, or a gap.
 */
final class PartitionFeedProperties {

  @Property(tries = 2_000)
  void everyEventComesOnceAndInOrderOrInAGap(@ForAll("steps") List<Integer> steps) {
    Simulation simulation = new Simulation(1 << 20);
    simulation.attachAll();
    run(simulation, steps);
  }

  @Property(tries = 1_000)
  void alsoWhenNothingCanBeKeptWhileCatchingUp(@ForAll("steps") List<Integer> steps) {
    Simulation simulation = new Simulation(0);
    simulation.attachAll();
    run(simulation, steps);
  }

  @Property(tries = 1_000)
  void alsoForTopicsThatAreAttachedMeanwhile(@ForAll("steps") List<Integer> steps) {
    run(new Simulation(1 << 20), steps);
  }

  @Property(tries = 2_000)
  void alsoInLongRunsWithFewFaultsOrMany(@ForAll long seed, @ForAll @IntRange(max = 3) int faults) {
    Random random = new Random(seed);
    Simulation simulation = new Simulation(random.nextInt(4) == 0 ? 500 : 1 << 20);
    if (random.nextBoolean()) {
      simulation.attachAll();
    }
    int length = 50 + random.nextInt(600);
    run(
        simulation,
        random
            .ints(length, 0, Simulation.steps())
            .mapToObj(i -> rarer(i, faults, random))
            .toList());
  }

  /** The same step, or one without fault in its place. */
  private static int rarer(int step, int faults, Random random) {
    boolean kept = step < Simulation.faultless() || random.nextInt(4) <= faults;
    return kept ? step : random.nextInt(Simulation.faultless());
  }

  private static void run(Simulation simulation, List<Integer> steps) {
    steps.forEach(simulation::step);
    simulation.settle();
    Statistics.label("rounds").collect(Math.min(5, simulation.counters().catchUps.sum()));
    Statistics.label("tens of events").collect(Math.min(5, simulation.events() / 10));
    Statistics.label("gaps").collect(Math.min(5, simulation.counters().gaps.sum()));
  }

  @Provide
  Arbitrary<List<Integer>> steps() {
    return Arbitraries.integers()
        .between(0, Simulation.steps() - 1)
        .list()
        .ofMinSize(20)
        .ofMaxSize(300);
  }

  @Example
  void theSimulationDeliversAndCatchesUp() {
    Simulation simulation = new Simulation(1 << 20);
    simulation.attachAll();
    int publish = 0;
    int disconnect = Simulation.faultless();
    for (int step : new int[] {publish, publish, disconnect, publish, publish, publish}) {
      simulation.step(step);
    }
    simulation.settle();

    assertTrue(simulation.events() == 5 + 8, () -> "events: " + simulation.events());
    assertTrue(simulation.counters().catchUps.sum() == 1 && simulation.counters().gaps.sum() == 0);
  }
}
