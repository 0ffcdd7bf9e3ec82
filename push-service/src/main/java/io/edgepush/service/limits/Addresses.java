package io.edgepush.service.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** IP addresses as text, and what they are counted by. */
public final class Addresses {
  private static final int LONGEST = 45;
  private static final int PREFIX_BYTES = 8;

  private Addresses() {}

  /** Reads an address, never a name; empty when it is none. */
  public static Optional<InetAddress> literal(String text) {
    boolean characters =
        !text.isEmpty()
            && text.length() <= LONGEST
            && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':');
    boolean four = characters && text.indexOf(':') < 0;
    if (!characters || four && !text.matches("(?:(?:0|[1-9][0-9]{0,2})(?:\\.|$)){4}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * What an address is counted by: an IPv4 address itself, an IPv6 address by its first 64 bits,
   * which is what one customer has at least.
   */
  public static Key key(InetAddress address) {
    byte[] bytes = address.getAddress();
    long bits = 0;
    for (int i = 0; i < Math.min(bytes.length, PREFIX_BYTES); i++) {
      bits = bits << 8 | bytes[i] & 0xff;
    }
    return new Key(bits, address instanceof Inet6Address);
  }

  /**
   * An IPv4 address, or the first half of an IPv6 address.
   *
   * @param bits of it
   * @param six whether it is IPv6
   */
  public record Key(long bits, boolean six) {}
}
