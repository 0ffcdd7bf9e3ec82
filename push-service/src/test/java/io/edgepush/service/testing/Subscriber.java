package io.edgepush.service.testing;

import io.edgepush.hub.client.ClientView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/**
 * One connection of a client, over a real socket. What arrives goes, in order, into the {@link
 * ClientView}, which may outlive it: the next connection, over whatever transport and to whatever
 * node, goes on with the view's cursor.
 */
public abstract class Subscriber implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ClientView view;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean reading;
  private volatile String failure = "";

  Subscriber(ClientView view) {
    this.view = view;
  }

  /** What the client knows. */
  public ClientView view() {
    return view;
  }

  /** Begins to read, on a thread that ends with the connection. */
  public void read() {
    reading = true;
    Thread.ofVirtual()
        .name("subscriber")
        .start(
            () -> {
              try {
                run();
              } catch (IOException e) {
                failure = e.toString();
              } catch (RuntimeException | AssertionError e) {
                failure = e.toString();
                throw e;
              } finally {
                ended.countDown();
              }
            });
  }

  /** Reads until the connection ends, by whomever. */
  abstract void run() throws IOException;

  /** Ends the connection by a reset. */
  public abstract void cut();

  /** Waits until the connection is over. */
  public void awaitEnd() {
    if (!reading) {
      return;
    }
    try {
      if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the connection did not end: " + view.connection());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a message of this type has come on this connection. */
  public Subscriber awaitNotice(String type) {
    return await(() -> view.notice(type).isPresent());
  }

  /** Waits until so many events were accepted in the client's life. */
  public Subscriber awaitEvents(int count) {
    return await(() -> view.count() >= count);
  }

  /** Waits for something in the view; fails at once when the connection ends before. */
  public Subscriber await(BooleanSupplier condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              boolean over = ended.getCount() == 0; // before the condition is asked
              if (condition.getAsBoolean()) {
                return true;
              }
              if (over) {
                throw new AssertionError(
                    "the connection ended (" + failure + ") with " + view.connection());
              }
              return false;
            });
    return this;
  }

  static UncheckedIOException failed(IOException e) {
    return new UncheckedIOException(e);
  }

  /** Ends the connection in order, and waits until it is over. */
  @Override
  public abstract void close();
}
