package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Sends the commands of many threads to one server, many in one write, and keeps their order. Calls
 * return at once; answers complete on the reading thread, so what depends on them must not block.
 *
 * <p>When the connection is lost, commands without an answer are sent once more on the next one,
 * before all others; those that were sent twice, or whose time is over, fail with an unknown
 * outcome. While Redis cannot be reached, or its circuit is open, calls fail at once. No command
 * takes longer than its deadline, give or take a tenth of a second. What the server sends away
 * without having run it, and what is left when the server is not used any more, goes back to where
 * it came from ({@link Detour}).
 */
final class Pipeline implements AutoCloseable {
  /** After so many bytes they are sent though more wait. */
  static final int SEND_BYTES = 32 << 10;

  private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());
  private static final int MOST_SENDS = 2;

  private final String name;
  private final HostAndPort address;
  private final RedisContext context;
  private final RedisConfig config;
  private final RedisCounters counters;
  private final Circuit circuit;
  private final Queue<Command> queue = new ConcurrentLinkedQueue<>();
  private final Deque<Command> again = new ConcurrentLinkedDeque<>();
  private final AtomicLong bytes = new AtomicLong();
  private final Thread runner;
  private volatile Link link;
  private volatile Away away;
  private volatile boolean closed;
  private volatile boolean retired;

  /** Redis cannot be reached; the next attempt begins at a time by {@link System#nanoTime()}. */
  private record Away(Throwable cause, long until) {
    BackplaneException failure() {
      long waitMs = (until - System.nanoTime()) / 1_000_000;
      return Faults.away(Faults.words(cause), cause, waitMs);
    }
  }

  Pipeline(String name, HostAndPort address, RedisContext context, Circuit circuit) {
    this.name = name;
    this.address = address;
    this.context = context;
    this.circuit = circuit;
    this.config = context.config();
    this.counters = context.counters();
    this.runner = Thread.ofVirtual().name("redis-" + name).unstarted(this::run);
  }

  /** Begins to connect. Commands sent meanwhile wait for the outcome of the first attempt. */
  void start() {
    runner.start();
  }

  /** Sends a command, or fails it, or has it come back. */
  void send(Command command) {
    Away now = away;
    if (retired) {
      command.comeBack(Detour.retired());
    } else if (closed) {
      Link.fail(command, Faults.closed());
    } else if (now != null) {
      Link.fail(command, now.failure());
    } else if (!circuit.admits()) {
      Link.fail(command, Circuit.open());
    } else if (bytes.addAndGet(command.bytes()) > config.queueBytes()) {
      release(command);
      circuit.release();
      counters.overloads.increment();
      Link.fail(command, Faults.overload());
    } else {
      circuit.watch(command);
      queue.add(command);
      Link current = link;
      if (current != null) {
        current.wake();
      } else if (closed || away != null) {
        failWaiting();
      }
    }
  }

  /** The server refused a command, or sends it away. */
  void refused(Command command, JedisDataException error) {
    Optional<Detour> detour = Detour.of(error, address).filter(_ -> command.hasHome());
    if (detour.isEmpty()) {
      command.reply().completeExceptionally(Faults.refused(error));
      return;
    }
    Detour.Kind kind = detour.get().kind();
    if (kind == Detour.Kind.DOWN) {
      circuit.failed(detour.get().why());
    } else {
      circuit.release();
    }
    if (kind == Detour.Kind.DOWN || kind == Detour.Kind.MOVED) {
      context.topology().doubt(detour.get().target());
    }
    command.notRun();
    command.comeBack(detour.get());
  }

  /** Whether there is a connection. */
  boolean connected() {
    return link != null;
  }

  /**
   * Names the server that the connection leads to, as a master with its data; empty without one.
   */
  Optional<byte[]> server() {
    return Optional.ofNullable(link).map(Link::server);
  }

  /** Bytes of commands without answer. */
  long bytes() {
    return bytes.get();
  }

  void release(Command command) {
    bytes.addAndGet(-command.bytes());
  }

  boolean waiting() {
    return !again.isEmpty() || !queue.isEmpty();
  }

  /** The next command to send; null when there is none. */
  Command next() {
    while (true) {
      Command command = again.poll();
      if (command == null) {
        command = queue.poll();
      }
      if (command == null) {
        return null;
      }
      if (!command.expired(System.nanoTime())) {
        return command;
      }
      release(command);
      late(command);
    }
  }

  /** A command that loads a script, whose answer does not matter. */
  Command loading(Script script) {
    return counted(Command.load(script, System.nanoTime() + config.timeout().toNanos()));
  }

  /** A command before one that asks first, whose answer does not matter. */
  Command asking() {
    return counted(Command.asking(System.nanoTime() + config.timeout().toNanos()));
  }

  private Command counted(Command command) {
    bytes.addAndGet(command.bytes());
    return command;
  }

  private void run() {
    Backoff backoff = new Backoff(config.minBackoff(), config.maxBackoff());
    while (!closed) {
      boolean useful = false;
      try {
        useful = serve(connect());
      } catch (RuntimeException | IOException e) {
        long waitMs = backoff.next();
        unreachable(e, waitMs);
        sleep(waitMs);
        continue;
      }
      if (useful) {
        backoff.reset();
      } else {
        sleep(backoff.next());
      }
    }
    failWaiting();
  }

  private Link connect() throws IOException {
    RedisConnection connection =
        context.dialer().open(address, "edgepush-" + name, config.timeout());
    try {
      Link connected = new Link(connection, this);
      connected.prepare(System.nanoTime());
      return connected;
    } catch (RuntimeException | IOException e) {
      connection.end();
      throw e;
    }
  }

  /** Uses a connection until it ends; whether it was of any use. */
  private boolean serve(Link connected) {
    counters.connects.increment();
    LOG.log(Level.INFO, "{0}: connected to {1}", name, address);
    link = connected;
    away = null;
    Thread writer = Thread.ofVirtual().name("redis-" + name + "-writer").start(connected::write);
    if (closed) {
      connected.end(Faults.closed());
    }
    connected.read();
    Threads.join(writer);
    link = null;
    if (Faults.isSilence(connected.reason())) {
      // Connecting again may take as long: nobody shall wait for that too.
      away = new Away(connected.reason(), System.nanoTime() + config.minBackoff().toNanos());
    }
    repeat(connected.unanswered(), connected.reason());
    if (away != null) {
      failWaiting();
    }
    if (!closed) {
      counters.losses.increment();
      LOG.log(
          Level.WARNING,
          "{0}: connection to {1} lost: {2}",
          name,
          address,
          Faults.words(connected.reason()));
      context.topology().doubt(Optional.empty());
    }
    return connected.answered();
  }

  /** Puts what can be sent once more before all others, and fails the rest. */
  private void repeat(Queue<Command> unanswered, Throwable why) {
    Deque<Command> repeated = new ConcurrentLinkedDeque<>();
    for (Command command : unanswered) {
      if (closed && !retired
          || command.sends() >= MOST_SENDS
          || command.expired(System.nanoTime())) {
        release(command);
        Link.fail(command, Faults.unanswered(command, Faults.words(why), why));
      } else {
        counters.resent.increment();
        repeated.addFirst(command);
      }
    }
    repeated.forEach(again::addFirst);
  }

  private void unreachable(Throwable why, long waitMs) {
    if (away == null && !closed) {
      LOG.log(Level.WARNING, "{0}: {1} cannot be reached: {2}", name, address, Faults.words(why));
    }
    away = new Away(why, System.nanoTime() + waitMs * 1_000_000);
    failWaiting();
    context.topology().doubt(Optional.empty());
  }

  private void failWaiting() {
    Away now = away;
    Function<Command, BackplaneException> why =
        command ->
            command.sent()
                ? Faults.unanswered(command, "the connection was lost", null)
                : now == null || closed ? Faults.closed() : now.failure();
    for (Queue<Command> waiting : java.util.List.of(again, queue)) {
      for (Command command = waiting.poll(); command != null; command = waiting.poll()) {
        release(command);
        if (retired && command.hasHome() && !command.reply().isDone()) {
          circuit.release();
          command.comeBack(Detour.retired());
        } else {
          Link.fail(command, why.apply(command));
        }
      }
    }
  }

  /** Fails what waits for too long. Called about every tenth of a second by one thread. */
  void sweep(long now) {
    expire(again, now);
    expire(queue, now);
    Link current = link;
    if (current != null) {
      current.sweep(now, config.timeout().toNanos());
    }
  }

  /**
   * Fails the commands at the head of a queue whose time is over; they stay in it for who takes
   * them out.
   */
  void expire(Queue<Command> commands, long now) {
    Iterator<Command> each = commands.iterator();
    while (each.hasNext()) {
      Command command = each.next();
      if (!command.expired(now)) {
        return;
      }
      late(command);
    }
  }

  private void late(Command command) {
    if (!command.reply().isDone()) {
      counters.timeouts.increment();
      Link.fail(command, Faults.unanswered(command, "the time was over", null));
    }
  }

  private void sleep(long ms) {
    if (!closed) {
      Threads.sleep(ms);
    }
  }

  /**
   * The server is not used any more: the connection ends at once, and what was not answered comes
   * back. Returns before that is done.
   */
  void retire() {
    retired = true;
    end();
    circuit.forget();
    failWaiting();
  }

  private void end() {
    closed = true;
    runner.interrupt();
    Link current = link;
    if (current != null) {
      current.end(Faults.closed());
    }
  }

  /** Ends the connection and fails all commands. Idempotent; blocks until that is done. */
  @Override
  public void close() {
    end();
    if (runner.getState() != Thread.State.NEW) {
      Threads.join(runner);
    }
    failWaiting();
  }
}
