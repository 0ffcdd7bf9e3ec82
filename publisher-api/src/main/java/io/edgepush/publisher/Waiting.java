package io.edgepush.publisher;

import io.edgepush.backplane.BackplaneException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Waits for the backplane, which answers in bounded time: a time limit here would set and cancel a
 * timer for each request, which costs as much as reading it.
 *
 * <p>It blocks the request's virtual thread, which costs little.
 */
final class Waiting {
  /** When to come back, where the backplane does not say. */
  static final long RETRY_MS = 1_000;

  private Waiting() {}

  /**
   * Waits for a stage.
   *
   * @throws BackplaneException when it failed
   */
  static <T> T on(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException fault
          ? fault
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackplaneException("this node is about to stop", e, true, RETRY_MS);
    }
  }
}
