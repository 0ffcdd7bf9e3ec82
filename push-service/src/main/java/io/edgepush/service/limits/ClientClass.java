package io.edgepush.service.limits;

import java.net.InetAddress;
import java.util.List;

/**
 * Clients that have limits of their own.
 *
 * @param name names them
 * @param addresses those that come from these
 * @param subjects those of these names, subjects of tokens and names of API keys; a {@code *} at
 *     the end stands for anything
 * @param limits theirs
 */
public record ClientClass(
    String name, List<AddressBlock> addresses, List<String> subjects, LimitValues limits) {
  /** Copies the lists. */
  public ClientClass {
    addresses = List.copyOf(addresses);
    subjects = List.copyOf(subjects);
  }

  boolean has(InetAddress address) {
    return addresses.stream().anyMatch(block -> block.contains(address));
  }

  boolean has(String subject) {
    return subjects.stream()
        .anyMatch(
            s ->
                s.endsWith("*")
                    ? subject.startsWith(s.substring(0, s.length() - 1))
                    : subject.equals(s));
  }
}
