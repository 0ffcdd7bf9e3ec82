package io.edgepush.service.limits;

import io.edgepush.access.Principal;
import io.edgepush.hub.Limits;
import io.edgepush.hub.Overflow;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Quota;
import io.edgepush.model.Topic;
import java.net.InetAddress;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The limits of this node's clients. Safe for any thread; never waits. */
public final class ServiceLimits implements Limits {
  /** The limit that no client class has. */
  public static final String MAX_CONNECTIONS = "max-connections";

  private static final long CONCURRENT_RETRY_MS = 1_000;

  private record Subject(String name) {}

  private final Rates connects = new Rates();
  private final OpenCounts open = new OpenCounts();
  private final Map<Limit, LongAdder> refusals = counters();
  private final LongAdder full = new LongAdder();
  private volatile LimitRules rules;
  private final Function<Topic, Overflow> overflow;

  /** Limits that may change later. */
  public ServiceLimits(LimitRules rules, Function<Topic, Overflow> overflow) {
    this.rules = rules;
    this.overflow = overflow;
  }

  /** Limits of connections only; a constant number of them. */
  public static ServiceLimits ofConnections(int most) {
    LimitRules rules = new LimitRules(most, new LimitValues(Map.of()), List.of());
    return new ServiceLimits(rules, _ -> Overflow.DISCONNECT);
  }

  /** These hold from now on. */
  public void change(LimitRules changed) {
    rules = changed;
  }

  /** How often each limit refused something. */
  public Map<Limit, LongAdder> refusals() {
    return refusals;
  }

  /** How often the node was full. */
  public LongAdder timesFull() {
    return full;
  }

  /** The problem of a connection for which there is no place; counts it. */
  public Problem full() {
    full.increment();
    Quota quota = Quota.concurrent(MAX_CONNECTIONS, rules.maxConnections());
    return Problem.limited(
        Code.UNAVAILABLE, "the node takes no more connections", CONCURRENT_RETRY_MS, quota);
  }

  /** How many rates and counts are kept. */
  public long kept() {
    return connects.size() + open.keys();
  }

  /** Whether so many connections are as many as the node takes. */
  public boolean isFull(int connections) {
    int most = rules.maxConnections();
    return most > 0 && connections >= most;
  }

  /**
   * Takes note of a new connection.
   *
   * @throws ProblemException when its address has too many, or makes them too fast
   */
  public Ticket connect(InetAddress address) {
    int most = rules.of(address).of(Limit.CONNECTS_PER_IP);
    if (most > 0) {
      Rate rate = connects.of(Addresses.key(address), most);
      long waitMs = rate.take(1);
      if (waitMs > 0) {
        throw refuse(
            Limit.CONNECTS_PER_IP, most, waitMs, "this address makes new connections too fast");
      }
    }
    return enter(address);
  }

  /**
   * Takes note of a connection, or a request that waits, whose making is not counted.
   *
   * @throws ProblemException when its address has too many
   */
  public Ticket enter(InetAddress address) {
    return enter(
        Limit.CONNECTIONS_PER_IP,
        Addresses.key(address),
        rules.of(address).of(Limit.CONNECTIONS_PER_IP),
        "this address has too many connections");
  }

  /**
   * Takes note of a subscriber.
   *
   * @throws ProblemException when the same one has too many connections
   */
  public Ticket enter(Principal who, String peer) {
    return enter(
        Limit.CONNECTIONS_PER_SUBJECT,
        new Subject(who.name()),
        perSubject(who, peer),
        "this subject has too many connections");
  }

  /** How many connections one subject may have; 0 for no bound. */
  public int perSubject(Principal who, String peer) {
    return who.isAnonymous() ? 0 : of(Limit.CONNECTIONS_PER_SUBJECT, who, peer);
  }

  private Ticket enter(Limit limit, Object key, int most, String detail) {
    if (most == 0) {
      return Ticket.NONE;
    }
    if (!open.enter(key, most)) {
      refusals.get(limit).increment();
      throw Problem.limited(
              Code.TOO_MANY_REQUESTS,
              detail,
              CONCURRENT_RETRY_MS,
              Quota.concurrent(limit.key(), most))
          .exception();
    }
    return new Ticket(() -> open.leave(key));
  }

  /** The problem of being over a rate; counts it. */
  ProblemException refuse(Limit limit, int most, long waitMs, String detail) {
    refusals.get(limit).increment();
    return Problem.limited(
            Code.TOO_MANY_REQUESTS,
            detail,
            waitMs,
            new Quota(limit.key(), most, 0, 1, Math.ceilDiv(waitMs, 1_000L)))
        .exception();
  }

  /** The value of a limit for a client: its token's own, or the configured one; 0 is off. */
  public int of(Limit limit, Principal who, String peer) {
    Long own = who.limits().get(limit.key());
    return own == null
        ? rules.of(who.name(), peer).of(limit)
        : (int) Math.min(own, Integer.MAX_VALUE);
  }

  @Override
  public int topics(Principal who, String peer) {
    return of(Limit.TOPICS_PER_CONNECTION, who, peer);
  }

  @Override
  public LongSupplier deliveries(Principal who, String peer) {
    int perSecond = of(Limit.DELIVERIES_PER_SECOND, who, peer);
    return perSecond == 0 ? UNLIMITED : new Rate(perSecond);
  }

  @Override
  public Overflow overflow(Topic topic) {
    return overflow.apply(topic);
  }

  @Override
  public void overRate() {
    refusals.get(Limit.DELIVERIES_PER_SECOND).increment();
  }

  /** Takes note of a refusal by the hub. */
  public void tooManyTopics() {
    refusals.get(Limit.TOPICS_PER_CONNECTION).increment();
  }

  private static Map<Limit, LongAdder> counters() {
    Map<Limit, LongAdder> counters = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      counters.put(limit, new LongAdder());
    }
    return Collections.unmodifiableMap(counters);
  }
}
