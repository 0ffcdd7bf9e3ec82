package io.edgepush.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final int BOUND = 1_000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final RecordingTransport transport = RecordingTransport.into(bytes);
  private final AtomicInteger handed = new AtomicInteger();
  private final Outbox outbox = new Outbox(transport, BOUND, _ -> handed.incrementAndGet());
  private final FrameBatch batch = new FrameBatch(100);

  private static Frame frame(String text) {
    return Frame.control(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String written() {
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  private void drainAll() {
    while (outbox.drain(batch)) {
      // takes all that goes
    }
  }

  @Test
  void framesGoOutInTheOrderInWhichTheyWereAppended() {
    outbox.append(frame("a"));
    outbox.append(frame("b"));
    drainAll();
    outbox.append(frame("c"));
    drainAll();

    assertEquals("abc", written());
    assertEquals(0, outbox.pendingBytes());
  }

  @Test
  void theDrainerIsToldOnceUntilItHasTakenEverything() {
    outbox.append(frame("a"));
    outbox.append(frame("b"));
    assertEquals(1, handed.get());

    drainAll();
    outbox.append(frame("c"));
    assertEquals(2, handed.get());
  }

  @Test
  void moreThanOneBatchIsWrittenBatchByBatch() {
    outbox.append(frame("x".repeat(70)));
    outbox.append(frame("y".repeat(70)));

    assertTrue(outbox.drain(batch));
    assertEquals("x".repeat(70) + "y".repeat(30), written());
    drainAll();
    assertEquals("x".repeat(70) + "y".repeat(70), written());
  }

  @Test
  void whatDoesNotFitWaitsUntilTheClientReadsOn() {
    outbox.append(frame("hello"));
    outbox.append(frame("world"));
    transport.allow(7);
    assertFalse(outbox.drain(batch));
    assertEquals("hellowo", written());

    outbox.append(frame("!"));
    assertEquals(1, handed.get(), "an outbox that waits for its client is not handed over again");
    transport.allow(Integer.MAX_VALUE);
    outbox.writable();
    assertEquals(2, handed.get());
    drainAll();
    assertEquals("helloworld!", written());
  }

  @Test
  void aFrameOverTheBoundIsRefusedAndASmallerOneStillFits() {
    assertTrue(outbox.append(frame("x".repeat(900))));
    assertFalse(outbox.append(frame("y".repeat(BOUND - 900))));
    assertTrue(outbox.append(frame("z")));
    drainAll();

    assertEquals("x".repeat(900) + "z", written());
  }

  @Test
  void whatTheDrainerHasTakenButNotWrittenCountsToTheBound() {
    outbox.append(frame("x".repeat(900)));
    transport.allow(10);
    outbox.drain(batch);

    assertFalse(outbox.append(frame("y".repeat(100))));
    assertEquals(900 + Outbox.OVERHEAD, outbox.pendingBytes());
  }

  @Test
  void aCloseLetsWhatWasAppendedBeforeGoFirstAndThenTheLastFrame() {
    outbox.append(frame("a"));
    outbox.close(CloseReason.NORMAL, frame("end"));
    assertTrue(outbox.append(frame("too late")));
    drainAll();

    assertEquals("aend", written());
    assertEquals(List.of(CloseReason.NORMAL), transport.closed());
    assertEquals(0, outbox.pendingBytes());
  }

  @Test
  void theFirstReasonToCloseCounts() {
    outbox.close(CloseReason.DRAIN, frame("first"));
    outbox.close(CloseReason.GONE, frame("second"));
    drainAll();

    assertEquals("first", written());
    assertEquals(List.of(CloseReason.DRAIN), transport.closed());
  }

  @Test
  void theFormatsClosingFrameSaysWhy() {
    outbox.close(CloseReason.DRAIN);
    drainAll();

    byte[] close = bytes.toByteArray();
    assertEquals(0x88, close[0] & 0xff);
    assertEquals(CloseReason.DRAIN.code(), (close[2] & 0xff) << 8 | (close[3] & 0xff));
  }

  @Test
  void aSlowConsumerGetsTheRestOfTheFrameThatWasBegunAndNothingElseOfWhatWaited() {
    outbox.append(frame("begun."));
    outbox.append(frame("dropped"));
    transport.allow(3);
    outbox.drain(batch);
    outbox.append(frame("dropped too"));
    outbox.close(CloseReason.SLOW_CONSUMER, frame("end"));
    transport.allow(Integer.MAX_VALUE);
    drainAll();

    assertEquals("begun.end", written());
    assertEquals(List.of(CloseReason.SLOW_CONSUMER), transport.closed());
  }

  @Test
  void anOutboxOfALostConnectionKeepsNothing() {
    outbox.append(frame("a"));
    transport.lose();

    assertFalse(outbox.drain(batch));
    assertEquals(0, outbox.pendingBytes());
  }

  @Test
  void aReplayWaitsForRoomAndGoesOnWhenTheClientHasRead() throws Exception {
    outbox.append(frame("x".repeat(900)));
    assertFalse(outbox.hasRoom());
    CompletableFuture<Boolean> room =
        CompletableFuture.supplyAsync(() -> outbox.awaitRoom(Duration.ofMinutes(1)));
    assertFalse(room.isDone());
    drainAll();

    assertTrue(room.get(20, TimeUnit.SECONDS));
  }

  @Test
  void nobodyWaitsForRoomInAnOutboxThatCloses() throws Exception {
    outbox.append(frame("x".repeat(900)));
    CompletableFuture<Boolean> room =
        CompletableFuture.supplyAsync(() -> outbox.awaitRoom(Duration.ofMinutes(1)));
    outbox.close(CloseReason.GONE);

    assertFalse(room.get(20, TimeUnit.SECONDS));
  }

  @Test
  void waitingForRoomEndsWhenTheClientReadsNothing() {
    outbox.append(frame("x".repeat(900)));

    assertFalse(outbox.awaitRoom(Duration.ofMillis(1)));
  }
}
