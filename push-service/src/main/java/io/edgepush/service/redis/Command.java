package io.edgepush.service.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A command on its way: what to send and where its answer goes. All of them may be repeated. */
final class Command {
  private static final byte[] EVALSHA = Keys.bytes("EVALSHA");
  private static final byte[] SCRIPT = Keys.bytes("SCRIPT");
  private static final byte[] LOAD = Keys.bytes("LOAD");
  private static final int OVERHEAD = 64;

  private final byte[][] arguments;
  private final int bytes;
  private final long deadline;
  private final CompletableFuture<Object> reply = new CompletableFuture<>();
  private volatile long sentAt;
  private volatile boolean sent;
  private int sends;

  private Command(byte[][] arguments, long deadline) {
    this.arguments = arguments;
    this.deadline = deadline;
    int size = OVERHEAD;
    for (byte[] argument : arguments) {
      size += argument.length + 8;
    }
    bytes = size;
  }

  /**
   * Calls a script.
   *
   * @param keys how many of the parameters are keys; they come first
   * @param parameters keys and arguments
   * @param deadline when to give up, by {@link System#nanoTime()}
   */
  static Command call(Script script, int keys, List<byte[]> parameters, long deadline) {
    byte[][] arguments = new byte[parameters.size() + 3][];
    arguments[0] = EVALSHA;
    arguments[1] = script.sha();
    arguments[2] = Keys.bytes(Integer.toString(keys));
    for (int i = 0; i < parameters.size(); i++) {
      arguments[i + 3] = parameters.get(i);
    }
    return new Command(arguments, deadline);
  }

  /** Makes a script known to the server, for it to be called by its checksum. */
  static Command load(Script script, long deadline) {
    return new Command(new byte[][] {SCRIPT, LOAD, script.source()}, deadline);
  }

  byte[][] arguments() {
    return arguments;
  }

  /** About what it takes on the wire and in memory. */
  int bytes() {
    return bytes;
  }

  /**
   * The answer: bytes, a list or a number; fails with a {@link
   * io.edgepush.backplane.BackplaneException}.
   */
  CompletableFuture<Object> reply() {
    return reply;
  }

  boolean expired(long now) {
    return deadline - now <= 0;
  }

  /** Takes note of being sent. */
  void sending(long now) {
    sentAt = now;
    sent = true;
    sends++;
  }

  /** Whether it was sent at all, so that nobody can say whether it was executed. */
  boolean sent() {
    return sent;
  }

  /** How often it was sent. */
  int sends() {
    return sends;
  }

  long sentAt() {
    return sentAt;
  }
}
