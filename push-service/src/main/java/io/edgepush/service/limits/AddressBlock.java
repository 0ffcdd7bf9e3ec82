package io.edgepush.service.limits;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses with a common beginning, as {@code 10.0.0.0/8} or {@code 2001:db8::/32} or a single
 * address.
 *
 * @param address the beginning
 * @param bits how many bits of it count
 */
public record AddressBlock(InetAddress address, int bits) {
  /** Reads a block; empty when it is none. */
  public static Optional<AddressBlock> parse(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int all = address.get().getAddress().length * 8;
    if (slash < 0) {
      return Optional.of(new AddressBlock(address.get(), all));
    }
    String bits = text.substring(slash + 1);
    return bits.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(bits) <= all
        ? Optional.of(new AddressBlock(address.get(), Integer.parseInt(bits)))
        : Optional.empty();
  }

  /** Whether an address is among them. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit += 8) {
      int mask = bits - bit >= 8 ? 0xff : 0xff << 8 - (bits - bit) & 0xff;
      if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
