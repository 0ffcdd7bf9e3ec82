package io.edgepush.service.limits;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The proxies that are believed when they say whom they speak for.
 *
 * @param trusted their addresses
 * @param header where they say it
 * @param proxyProtocol whether their connections begin with a PROXY header
 */
public record Proxies(List<AddressBlock> trusted, Header header, boolean proxyProtocol) {
  /** Nobody is believed. */
  public static final Proxies NONE = new Proxies(List.of(), Header.NONE, false);

  /** More hops than this are nobody's honest chain. */
  private static final int MOST_HOPS = 32;

  /** A header that names the client. */
  public enum Header {
    /** None does. */
    NONE,
    /** The de-facto one. */
    X_FORWARDED_FOR,
    /** RFC 7239. */
    FORWARDED;

    /** The name in configuration, and on the wire in lower case. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Copies the list. */
  public Proxies {
    trusted = List.copyOf(trusted);
  }

  /** Whether it is one of them. */
  public boolean trusts(InetAddress address) {
    for (AddressBlock block : trusted) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the client of this connection is named by a header. */
  public boolean forwards(InetAddress peer) {
    return header != Header.NONE && trusts(peer);
  }

  /**
   * Who a request comes from: read from the end of the header, the first that is no proxy of ours;
   * what stands before it anybody may have written. What can not be read ends the reading.
   *
   * @param peer who is connected
   * @param headers the value of a header by its name in lower case; empty when it is absent;
   *     several are joined by commas
   */
  public InetAddress client(InetAddress peer, Function<String, String> headers) {
    if (!forwards(peer)) {
      return peer;
    }
    String[] hops = headers.apply(header.key()).split(",", -1);
    InetAddress client = peer;
    for (int i = hops.length - 1; i >= 0 && hops.length - i <= MOST_HOPS; i--) {
      Optional<InetAddress> hop =
          header == Header.FORWARDED ? forwardedFor(hops[i]) : node(hops[i].strip());
      if (hop.isEmpty()) {
        return client;
      }
      client = hop.get();
      if (!trusts(client)) {
        return client;
      }
    }
    return client;
  }

  private static Optional<InetAddress> forwardedFor(String element) {
    Optional<InetAddress> found = Optional.empty();
    for (String pair : element.split(";", -1)) {
      String stripped = pair.strip();
      if (stripped.regionMatches(true, 0, "for=", 0, 4)) {
        if (found.isPresent()) {
          return Optional.empty();
        }
        found = node(unquoted(stripped.substring(4)));
        if (found.isEmpty()) {
          return found;
        }
      }
    }
    return found;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value.indexOf(':') < 0 ? value : "";
  }

  /** {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code 2001:db8::1}, {@code [2001:db8::1]:4711}. */
  private static Optional<InetAddress> node(String text) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      return end > 0 && isPort(text.substring(end + 1))
          ? Addresses.literal(text.substring(1, end)).filter(_ -> text.indexOf(':') > 0)
          : Optional.empty();
    }
    int colon = text.indexOf(':');
    boolean port = colon > 0 && colon == text.lastIndexOf(':');
    return !port
        ? Addresses.literal(text)
        : isPort(text.substring(colon))
            ? Addresses.literal(text.substring(0, colon))
            : Optional.empty();
  }

  private static boolean isPort(String text) {
    return text.isEmpty() || text.matches(":[0-9]{1,5}");
  }
}
