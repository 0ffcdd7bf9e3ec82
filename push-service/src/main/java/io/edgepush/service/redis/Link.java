package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * One connection of a {@link Pipeline}, with the commands that wait for their answers on it. The
 * reading thread takes the head of them first and reads then, so the socket's timeout counts only
 * while an answer is due.
 */
final class Link {
  private static final int MOST_SENDS = 4;

  private final RedisConnection connection;
  private final Pipeline pipeline;
  private final Queue<Command> inFlight = new ConcurrentLinkedQueue<>();
  private final Queue<Command> unscripted = new ConcurrentLinkedQueue<>();
  private final Waiter reader = new Waiter();
  private final Waiter writer = new Waiter();
  private volatile Throwable end;
  // Of the reading thread.
  private boolean answered;
  // Of the writing thread.
  private int unsent;

  Link(RedisConnection connection, Pipeline pipeline) {
    this.connection = connection;
    this.pipeline = pipeline;
  }

  /** Loads the scripts. Before anything else, on the thread that connected. */
  void load(long deadline) throws IOException {
    for (Script script : Script.values()) {
      connection.write(Command.load(script, deadline).arguments());
    }
    connection.send();
    for (int i = 0; i < Script.values().length; i++) {
      connection.read();
    }
  }

  /** Reads answers until the connection ends. */
  void read() {
    while (end == null) {
      Command head = inFlight.peek();
      if (head == null) {
        reader.await(() -> end != null || !inFlight.isEmpty());
        continue;
      }
      try {
        Object answer = connection.read();
        settled();
        head.reply().complete(answer);
      } catch (JedisNoScriptException e) {
        repeat(head, e);
      } catch (JedisDataException e) {
        settled();
        head.reply().completeExceptionally(Faults.refused(e));
      } catch (RuntimeException e) {
        end(e);
      }
    }
  }

  private void settled() {
    pipeline.release(inFlight.remove());
    answered = true;
  }

  /** The server forgot its scripts: this command did not run. */
  private void repeat(Command command, JedisNoScriptException e) {
    if (command.sends() >= MOST_SENDS) {
      settled();
      command.reply().completeExceptionally(Faults.refused(e));
    } else {
      inFlight.remove();
      unscripted.add(command);
      writer.wake();
    }
  }

  /** Sends commands until the connection ends. */
  void write() {
    try {
      while (end == null) {
        Command next = next();
        if (next != null) {
          write(next);
        }
        if (unsent > 0 && (next == null || unsent >= Pipeline.SEND_BYTES)) {
          connection.send();
          reader.wake();
          unsent = 0;
        } else if (next == null) {
          writer.await(() -> end != null || pipeline.waiting() || !unscripted.isEmpty());
        }
      }
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  /** The next command to send; null when there is none. */
  private Command next() throws IOException {
    if (!unscripted.isEmpty()) {
      for (Script script : Script.values()) {
        write(pipeline.loading(script));
      }
      for (Command command = unscripted.poll(); command != null; command = unscripted.poll()) {
        write(command);
      }
    }
    return pipeline.next();
  }

  private void write(Command command) throws IOException {
    command.sending(System.nanoTime());
    inFlight.add(command);
    connection.write(command.arguments());
    unsent += command.bytes();
  }

  /** Ends the connection. For any thread; the first reason counts. */
  void end(Throwable why) {
    if (end == null) {
      end = why;
    }
    connection.end();
    reader.wake();
    writer.wake();
  }

  /** There are commands to send. */
  void wake() {
    writer.wake();
  }

  /** Why it ended. */
  Throwable reason() {
    return end;
  }

  /** Whether it was of any use. */
  boolean answered() {
    return answered;
  }

  /**
   * Fails what waits for too long, and ends the connection if the server owes an answer for too
   * long.
   */
  void sweep(long now, long timeoutNanos) {
    Command head = inFlight.peek();
    if (head != null && now - head.sentAt() > timeoutNanos) {
      end(new SocketTimeoutException("no answer in time"));
    }
    Pipeline.expire(inFlight, now);
  }

  /**
   * The commands without answer, in the order in which they were sent; after both threads have
   * ended.
   */
  Queue<Command> unanswered() {
    inFlight.addAll(unscripted);
    return inFlight;
  }

  /** Fails a command that is no longer repeated. */
  static void fail(Command command, BackplaneException why) {
    command.reply().completeExceptionally(why);
  }
}
