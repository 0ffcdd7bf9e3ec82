package io.edgepush.service.limits;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who has which limits.
 *
 * @param maxConnections the most connections open on the public port; 0 for no bound
 * @param fallback of those in no class
 * @param classes asked in order; the first that a client is in counts
 */
public record LimitRules(int maxConnections, LimitValues fallback, List<ClientClass> classes) {
  /** Copies the list. */
  public LimitRules {
    classes = List.copyOf(classes);
  }

  /** The same, with no more connections than that; where there is no bound, there is none. */
  public LimitRules atMost(int connections) {
    return new LimitRules(Math.min(maxConnections, connections), fallback, classes);
  }

  /** The limits of an address. */
  public LimitValues of(InetAddress address) {
    for (ClientClass each : classes) {
      if (each.has(address)) {
        return each.limits();
      }
    }
    return fallback;
  }

  /** The limits of a client that is known by name. */
  public LimitValues of(String subject, String peer) {
    if (classes.isEmpty()) {
      return fallback;
    }
    Optional<InetAddress> address = Addresses.literal(peer);
    for (ClientClass each : classes) {
      if (each.has(subject) || address.map(each::has).orElse(false)) {
        return each.limits();
      }
    }
    return fallback;
  }
}
