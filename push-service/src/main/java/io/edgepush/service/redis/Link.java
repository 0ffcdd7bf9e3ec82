package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * One connection of a {@link Pipeline}, with the commands that wait for their answers on it. The
 * reading thread takes the head of them first and reads then, so the socket's timeout counts only
 * while an answer is due.
 */
final class Link {
  private static final System.Logger LOG = System.getLogger(Link.class.getName());
  private static final byte[] INFO = Keys.bytes("INFO");
  private static final byte[] REPLICATION = Keys.bytes("replication");
  private static final byte[] UNKNOWN = Keys.bytes("-");
  private static final Pattern SERVER = Pattern.compile("master_replid:(\\w{12})");

  private final RedisConnection connection;
  private final Pipeline pipeline;
  private final Queue<Command> inFlight = new ConcurrentLinkedQueue<>();
  private final Waiter reader = new Waiter();
  private final Waiter writer = new Waiter();
  private volatile Throwable end;
  private volatile boolean forgot;
  private byte[] server = UNKNOWN;
  // Of the reading thread.
  private boolean answered;
  // Of the writing thread.
  private int unsent;

  Link(RedisConnection connection, Pipeline pipeline) {
    this.connection = connection;
    this.pipeline = pipeline;
  }

  /**
   * Looks at the server's version, loads the scripts, and asks which history this is. Before
   * anything else, on the thread that connected.
   */
  void prepare(long deadline) throws IOException {
    ServerVersion.ask(connection);
    for (Script script : Script.values()) {
      connection.write(Command.load(script, deadline).arguments());
    }
    connection.write(INFO, REPLICATION);
    connection.send();
    ServerVersion.check(connection);
    for (int i = 0; i < Script.values().length; i++) {
      connection.read();
    }
    identify();
  }

  /**
   * A server names the history that its data is of. It begins another one when it takes over from a
   * master, and when it starts again.
   */
  private void identify() {
    String said;
    try {
      said = new String((byte[]) connection.read(), StandardCharsets.US_ASCII);
    } catch (JedisDataException e) {
      LOG.log(
          Level.WARNING,
          "{0}; without INFO a fail-over can lose events without a gap",
          e.getMessage());
      return;
    }
    if (said.contains("role:slave")) {
      throw new JedisConnectionException("it is a replica");
    }
    Matcher matcher = SERVER.matcher(said);
    if (matcher.find()) {
      server = Keys.bytes(matcher.group(1));
    }
  }

  /** Names the server and the history of its data. */
  byte[] server() {
    return server;
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
      } catch (JedisDataException e) {
        refused(head, e);
      } catch (RuntimeException e) {
        end(e);
      }
    }
  }

  private void settled() {
    pipeline.release(inFlight.remove());
    answered = true;
  }

  private void refused(Command command, JedisDataException e) {
    settled();
    if (e instanceof JedisNoScriptException) {
      forgot = true;
    }
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("READONLY") || message.startsWith("STALE")) {
      // It may be the master again by the next command, or is, with other data.
      end(e);
    }
    pipeline.refused(command, e);
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
          writer.await(() -> end != null || pipeline.waiting());
        }
      }
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  /** The next command to send; null when there is none. */
  private Command next() throws IOException {
    if (forgot) {
      forgot = false;
      for (Script script : Script.values()) {
        write(pipeline.loading(script));
      }
    }
    return pipeline.next();
  }

  private void write(Command command) throws IOException {
    if (command.asksFirst()) {
      write(pipeline.asking());
    }
    command.sending(System.nanoTime());
    inFlight.add(command);
    if (command.signed()) {
      connection.write(command.arguments(), server);
    } else {
      connection.write(command.arguments());
    }
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
    pipeline.expire(inFlight, now);
  }

  /**
   * The commands without answer, in the order in which they were sent; after both threads have
   * ended.
   */
  Queue<Command> unanswered() {
    return inFlight;
  }

  /** Fails a command that is no longer repeated. */
  static void fail(Command command, BackplaneException why) {
    command.reply().completeExceptionally(why);
  }
}
