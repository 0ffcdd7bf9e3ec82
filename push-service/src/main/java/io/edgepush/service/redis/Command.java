package io.edgepush.service.redis;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A command on its way: what to send and where its answer goes. All of them may be repeated. */
final class Command {
  private static final byte[] EVALSHA = Keys.bytes("EVALSHA");
  private static final byte[] SCRIPT = Keys.bytes("SCRIPT");
  private static final byte[] LOAD = Keys.bytes("LOAD");
  private static final byte[] ASKING = Keys.bytes("ASKING");
  private static final int OVERHEAD = 64;

  private final Optional<Script> script;
  private final byte[][] arguments;
  private final int bytes;
  private final long deadline;
  private final CompletableFuture<Object> reply = new CompletableFuture<>();
  private volatile long sentAt;
  private volatile boolean sent;
  private volatile int attempt;
  private volatile boolean asking;
  private Consumer<Detour> home;
  private int sends;

  private Command(Optional<Script> script, byte[][] arguments, long deadline) {
    this.script = script;
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
    return new Command(Optional.of(script), arguments, deadline);
  }

  /** Makes a script known to the server, for it to be called by its checksum. */
  static Command load(Script script, long deadline) {
    return new Command(Optional.empty(), new byte[][] {SCRIPT, LOAD, script.source()}, deadline);
  }

  /** Has the server run the next command though its slot is only on the way there. */
  static Command asking(long deadline) {
    return new Command(Optional.empty(), new byte[][] {ASKING}, deadline);
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

  /** Whether the connection adds the server as the last argument. */
  boolean signed() {
    return script.map(Script::signed).orElse(false);
  }

  /** See {@link Script#fansOut}. */
  boolean fansOut() {
    return script.map(Script::fansOut).orElse(false);
  }

  /** Where it goes when a server sends it away. Before it is sent the first time. */
  void home(Consumer<Detour> lane) {
    home = lane;
  }

  /** Whether there is anywhere to go back to. */
  boolean hasHome() {
    return home != null;
  }

  /** Goes back to be sent again; whoever watched this attempt is to forget it. */
  void comeBack(Detour detour) {
    int next = attempt + 1;
    attempt = next;
    asking = false;
    home.accept(detour);
  }

  /** Tells one attempt to send it from the next. */
  int attempt() {
    return attempt;
  }

  /** Whether it is for a server to which its slot is only on the way. */
  boolean asksFirst() {
    return asking;
  }

  void askFirst() {
    asking = true;
  }

  /** Takes note that it did not run when it was sent last. */
  void notRun() {
    sends--;
    sent = sends > 0;
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
