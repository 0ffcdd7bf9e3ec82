package io.edgepush.publisher;

import io.edgepush.backplane.BackplaneException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for the backplane, all stages of one request together no longer than a limit. For one
 * request.
 *
 * <p>It blocks the request's virtual thread, which costs little.
 */
final class Waiting {
  /** How long a request waits. */
  static final Duration LIMIT = Duration.ofSeconds(10);

  /** When to come back, where the backplane does not say. */
  static final long RETRY_MS = 1_000;

  private final long limitNanos;
  private final long start = System.nanoTime();

  Waiting(Duration limit) {
    limitNanos = limit.toNanos();
  }

  /**
   * Waits for a stage.
   *
   * @throws BackplaneException when it failed, or did not complete in time: then the outcome is
   *     unknown
   */
  <T> T on(CompletionStage<T> stage) {
    try {
      long left = Math.max(0, limitNanos - (System.nanoTime() - start));
      return stage.toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException fault
          ? fault
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new BackplaneException("no answer in time", e, true, RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackplaneException("this node is about to stop", e, true, RETRY_MS);
    }
  }
}
