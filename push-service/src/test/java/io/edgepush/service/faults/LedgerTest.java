package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.hub.client.Message;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge of the fault tests finds what is wrong. */
class LedgerTest {
  private static final Topic TOPIC = new Topic("t");

  private final Ledger ledger = new Ledger();
  private final Reception client = new Reception(List.of(TOPIC), _ -> {});

  LedgerTest() {
    for (int number = 0; number < 5; number++) {
      ledger.stored(TOPIC, number, id("a", number), false);
    }
  }

  private static EventId id(String epoch, int ms) {
    return EventId.parse("0:" + epoch + ":" + (1_000 + ms) + "-0");
  }

  private void get(String epoch, int ms, long number) {
    client.hear(new Message.Event(id(epoch, ms), TOPIC, number, Map.of()));
  }

  private void get(int... numbers) {
    for (int number : numbers) {
      get("a", number, number);
    }
  }

  private void gap(EventId from, EventId to) {
    client.hear(new Message.Gap(TOPIC, from, to, "retention"));
  }

  /** The verdict, without what follows the sentence. */
  private String verdict() {
    Findings findings = new Findings(ledger.count());
    client.judge(ledger, findings);
    return findings.sentence().replaceFirst(";.*", "");
  }

  @Test
  void nothingIsWrong() {
    get(0, 1, 2, 3, 4);
    assertEquals(
        "5 published, 5 delivered to each, 0 lost, 0 twice, 0 out of order, 0 gaps announced, 0 silent",
        verdict());
  }

  @Test
  void whatIsMissingIsSilentInTheMiddleAndAtTheEnd() {
    get(0, 2, 3);
    assertEquals(
        "5 published, 3 delivered to each, 2 lost, 0 twice, 0 out of order, 0 gaps announced, 2 silent",
        verdict());
  }

  @Test
  void aGapCoversWhatLiesInItAndNothingElse() {
    get(0);
    gap(id("a", 0), id("a", 2));
    get(4);
    assertEquals(
        "5 published, 2 delivered to each, 3 lost, 0 twice, 0 out of order, 1 gaps announced, 1 silent",
        verdict());
  }

  @Test
  void anEventThatComesAgainOnAnotherConnectionIsDroppedAndOnTheSameOneIsNot() {
    get(0, 1, 2);
    client.connected();
    get(1, 2, 3, 4);
    assertEquals(
        "5 published, 5 delivered to each, 0 lost, 0 twice, 0 out of order, 0 gaps announced, 0 silent",
        verdict());
    get(4);
    assertEquals(
        "5 published, 5 delivered to each, 0 lost, 0 twice, 1 out of order, 0 gaps announced, 0 silent",
        verdict());
  }

  @Test
  void anEventThatIsStoredTwiceComesTwice() {
    get(0, 1, 2, 3, 4);
    get("a", 9, 3);
    assertEquals(
        "5 published, 5 delivered to each, 0 lost, 1 twice, 0 out of order, 0 gaps announced, 0 silent",
        verdict());
  }

  @Test
  void anEventThatComesTooLateIsOutOfOrder() {
    get(0, 2, 3, 4);
    get("a", 9, 1);
    assertEquals(
        "5 published, 5 delivered to each, 0 lost, 0 twice, 1 out of order, 0 gaps announced, 0 silent",
        verdict());
  }

  @Test
  void aStoreThatForgotStoresAgainWhatItHadAndLosesWhatLiesInTheGap() {
    get(0, 1, 2);
    ledger.stored(TOPIC, 5, id("b", 0), false);
    gap(id("a", 2), EventId.parse("0:b:0-0"));
    get("b", 0, 5);
    assertEquals(
        "6 published, 4 delivered to each, 2 lost, 0 twice, 0 out of order, 1 gaps announced, 0 silent",
        verdict());
    get("b", 1, 2);
    Findings findings = new Findings(ledger.count());
    client.judge(ledger, findings);
    assertEquals(1, findings.again());
    assertEquals(2, ledger.epochs());
  }
}
