package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class DescriptorBudgetTest {
  @Property
  void allTogetherFitsWhereAnythingFits(
      @ForAll @LongRange(min = 300, max = 2_000_000) long limit,
      @ForAll @IntRange(min = 10, max = 150) int open) {
    DescriptorBudget budget = DescriptorBudget.of(limit, open);
    long most =
        (long) open
            + budget.publicConnections()
            + budget.privateConnections()
            + 2L * budget.refusals();
    assertTrue(most <= limit, budget::toString);
    assertTrue(budget.publicConnections() > 0 && budget.privateConnections() > 0);
    assertTrue(budget.refusals() > 0);
  }

  @Property
  void aNodeTakesSomeHoweverLowTheLimitIs(
      @ForAll @LongRange(min = 0, max = 300) long limit,
      @ForAll @IntRange(min = 0, max = 500) int open) {
    DescriptorBudget budget = DescriptorBudget.of(limit, open);
    assertTrue(budget.publicConnections() > 0 && budget.privateConnections() > 0);
  }

  @Example
  void theDefaultNumberOfConnectionsFitsUnderTwentyThousandDescriptors() {
    assertTrue(DescriptorBudget.of(20_000, 200).publicConnections() >= 18_000);
  }

  @Example
  void aBoundIsClampedAndNoBoundStaysNone() {
    DescriptorBudget budget = DescriptorBudget.of(1_024, 100);
    LimitRules rules = new LimitRules(18_000, new LimitValues(Map.of()), List.of());
    assertEquals(
        budget.publicConnections(), rules.atMost(budget.publicConnections()).maxConnections());
    LimitRules none = new LimitRules(0, new LimitValues(Map.of()), List.of());
    assertEquals(0, none.atMost(budget.publicConnections()).maxConnections());
  }

  @Example
  void theLimitOfThisProcessIsKnown() {
    DescriptorBudget budget = DescriptorBudget.ofProcess();
    assertTrue(budget.descriptors() >= 256, budget::toString);
  }
}
