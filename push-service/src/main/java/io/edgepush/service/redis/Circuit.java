package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Stops calling a Redis that answers too late or with errors: when half of the calls of the last
 * ten seconds failed, and twenty were made, calls fail at once for a second, then a few are let
 * through to see. What lies longer back does not count, however few calls there are. Safe for any
 * thread.
 */
final class Circuit {
  private static final System.Logger LOG = System.getLogger(Circuit.class.getName());
  private static final Duration OPEN_FOR = Duration.ofSeconds(1);
  private static final int WINDOW_SECONDS = 10;
  private static final CircuitBreakerConfig CONFIG =
      CircuitBreakerConfig.custom()
          .slidingWindowType(SlidingWindowType.TIME_BASED)
          .slidingWindowSize(WINDOW_SECONDS)
          .minimumNumberOfCalls(20)
          .failureRateThreshold(50)
          .waitDurationInOpenState(OPEN_FOR)
          .permittedNumberOfCallsInHalfOpenState(10)
          .build();

  private final CircuitBreakerRegistry registry;
  private final CircuitBreaker breaker;

  Circuit(String name, CircuitBreakerRegistry registry) {
    this(name, registry, new SteadyClock());
  }

  Circuit(String name, CircuitBreakerRegistry registry, Clock clock) {
    this.registry = registry;
    breaker = registry.circuitBreaker(name, CircuitBreakerConfig.from(CONFIG).clock(clock).build());
    breaker.getEventPublisher().onStateTransition(event -> changed(name, event));
  }

  /** Says that it opened and that it closed, not each attempt in between. */
  private static void changed(String name, CircuitBreakerOnStateTransitionEvent event) {
    switch (event.getStateTransition()) {
      case CLOSED_TO_OPEN ->
          LOG.log(Level.WARNING, "{0}: circuit open: most calls fail or are too late", name);
      case HALF_OPEN_TO_CLOSED -> LOG.log(Level.INFO, "{0}: circuit closed again", name);
      default -> LOG.log(Level.DEBUG, "{0}: circuit {1}", name, event.getStateTransition());
    }
  }

  /** Whether a call may be made; then {@link #watch} or {@link #release} follows. */
  boolean admits() {
    return breaker.tryAcquirePermission();
  }

  /** The call was not made after all. */
  void release() {
    breaker.releasePermission();
  }

  /** The call ended, and the server is to blame. */
  void failed(Throwable why) {
    breaker.onError(0, TimeUnit.NANOSECONDS, why);
  }

  /** There will be no more calls. */
  void forget() {
    registry.remove(breaker.getName());
  }

  /** Takes note of how a call ends, unless the command is sent elsewhere before. */
  void watch(Command command) {
    long started = System.nanoTime();
    int attempt = command.attempt();
    command
        .reply()
        .whenComplete(
            (_, failure) -> {
              long took = System.nanoTime() - started;
              if (attempt != command.attempt()) {
                return;
              }
              if (failure == null) {
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
              } else {
                breaker.onError(took, TimeUnit.NANOSECONDS, failure);
              }
            });
  }

  /** What a call that is not admitted fails with. */
  static BackplaneException open() {
    return new BackplaneException(
        "Redis answers too late or with errors", null, false, OPEN_FOR.toMillis());
  }
}
