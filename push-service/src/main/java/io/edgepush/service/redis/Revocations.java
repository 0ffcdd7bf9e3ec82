package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Revocation;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The revocations of a deployment: a sorted set, by when they are forgotten, and a channel that
 * tells of new ones. All are read again whenever the channel was subscribed, so none is missed. For
 * any thread; nothing blocks.
 */
final class Revocations implements Channels.Watch {
  private static final System.Logger LOG = System.getLogger(Revocations.class.getName());
  private static final int PAGE = 1_000;
  private static final long RETRY_MS = 60_000;

  private final byte[] key;
  private final String channel;
  private final Lanes publishing;
  private final Lanes reading;
  private final long timeoutNanos;
  private final Consumer<Revocation> listener;
  private final AtomicBoolean reads = new AtomicBoolean();
  private final CompletableFuture<Void> known = new CompletableFuture<>();
  private volatile boolean due;

  Revocations(
      Keys keys,
      Lanes publishing,
      Lanes reading,
      long timeoutNanos,
      Consumer<Revocation> listener) {
    this.key = keys.revocations();
    this.channel = keys.revocationChannel();
    this.publishing = publishing;
    this.reading = reading;
    this.timeoutNanos = timeoutNanos;
    this.listener = listener;
  }

  String channel() {
    return channel;
  }

  /** Stores one and tells every node, this one too. */
  CompletableFuture<Void> add(Revocation revocation) {
    return publishing
        .send(
            Keys.SIDE,
            Command.call(
                Script.REVOKE,
                1,
                List.of(
                    key,
                    number(System.currentTimeMillis()),
                    number(revocation.untilMs()),
                    Keys.bytes(revocation.text()),
                    number(Revocation.MOST),
                    Keys.bytes(channel)),
                System.nanoTime() + timeoutNanos))
        .thenAccept(
            stored -> {
              if (!Long.valueOf(1).equals(stored)) {
                throw new BackplaneException(
                    "there are too many revocations", null, false, RETRY_MS);
              }
              listener.accept(revocation);
            });
  }

  @Override
  public void message(byte[] payload) {
    String text = text(payload);
    int space = text.indexOf(' ');
    take(text.substring(space + 1), text.substring(0, Math.max(0, space)));
  }

  @Override
  public void subscribed() {
    due = true;
    tick();
  }

  /** Completes when all that are in force were told for the first time. */
  CompletableFuture<Void> known() {
    return known;
  }

  /** Reads all of them when that is due; called a few times a second. */
  void tick() {
    if (due && reads.compareAndSet(false, true)) {
      due = false;
      read(0);
    }
  }

  private void read(int from) {
    reading
        .send(
            Keys.SIDE,
            Command.call(
                Script.REVOCATIONS,
                1,
                List.of(key, number(System.currentTimeMillis()), number(from), number(PAGE)),
                System.nanoTime() + timeoutNanos))
        .whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                due = true;
                reads.set(false);
                return;
              }
              List<?> parts = (List<?>) reply;
              for (int i = 0; i + 1 < parts.size(); i += 2) {
                take(text(parts.get(i)), text(parts.get(i + 1)));
              }
              if (parts.size() == 2 * PAGE) {
                read(from + PAGE);
              } else {
                reads.set(false);
                known.complete(null);
              }
            });
  }

  private void take(String revocation, String until) {
    try {
      Revocation.parse(revocation, (long) Double.parseDouble(until)).ifPresent(listener);
    } catch (NumberFormatException _) {
      LOG.log(Level.WARNING, "a revocation of a form that is not known is passed over");
    }
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  private static byte[] number(long value) {
    return Keys.bytes(Long.toString(value));
  }
}
