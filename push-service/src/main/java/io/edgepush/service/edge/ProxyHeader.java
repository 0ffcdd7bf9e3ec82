package io.edgepush.service.edge;

import io.edgepush.service.limits.Addresses;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The header of the PROXY protocol, versions 1 and 2, with which a proxy begins a connection. It is
 * read to its last byte and no further; anything else is refused.
 */
final class ProxyHeader {
  /** The longest line of version 1, with its end. */
  private static final int LONGEST_LINE = 107;

  /** Addresses and extensions of version 2 that anybody sends. */
  private static final int LONGEST_REST = 2_048;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int VERSION_2 = 0x20;
  private static final int LOCAL = 0;
  private static final int PROXY = 1;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;

  private ProxyHeader() {}

  /**
   * Reads the header; blocks.
   *
   * @return the client; empty when the proxy speaks for itself or does not know
   * @throws IOException when it is no such header, or the connection ended
   */
  static Optional<InetSocketAddress> read(ReadableByteChannel channel) throws IOException {
    byte[] begin = bytes(channel, SIGNATURE.length);
    return Arrays.equals(begin, SIGNATURE) ? version2(channel) : version1(channel, begin);
  }

  private static Optional<InetSocketAddress> version1(ReadableByteChannel channel, byte[] begin)
      throws IOException {
    byte[] line = Arrays.copyOf(begin, LONGEST_LINE);
    int length = begin.length;
    if (!new String(begin, StandardCharsets.ISO_8859_1).startsWith("PROXY ")) {
      throw rubbish();
    }
    while (line[length - 1] != '\n') {
      if (length == LONGEST_LINE) {
        throw rubbish();
      }
      line[length++] = bytes(channel, 1)[0];
    }
    String text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r\n")) {
      throw rubbish();
    }
    return parse(text.substring(0, length - 2).split(" ", -1));
  }

  private static Optional<InetSocketAddress> parse(String[] words) throws IOException {
    if (words[1].equals("UNKNOWN")) {
      return Optional.empty();
    }
    boolean six = words[1].equals("TCP6");
    if (words.length != 6 || !six && !words[1].equals("TCP4")) {
      throw rubbish();
    }
    InetAddress source = address(words[2], six);
    address(words[3], six);
    port(words[5]);
    return Optional.of(new InetSocketAddress(source, port(words[4])));
  }

  private static InetAddress address(String text, boolean six) throws IOException {
    if (text.indexOf(':') >= 0 != six) {
      throw rubbish();
    }
    return Addresses.literal(text).orElseThrow(ProxyHeader::rubbish);
  }

  private static int port(String text) throws IOException {
    if (!text.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65_535) {
      throw rubbish();
    }
    return Integer.parseInt(text);
  }

  private static Optional<InetSocketAddress> version2(ReadableByteChannel channel)
      throws IOException {
    ByteBuffer head = ByteBuffer.wrap(bytes(channel, 4));
    int command = (head.get() & 0xff) - VERSION_2;
    int family = head.get() & 0xff;
    int length = head.getShort() & 0xffff;
    if (command != LOCAL && command != PROXY || length > LONGEST_REST) {
      throw rubbish();
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes(channel, length));
    int size = family == TCP_4 ? 4 : family == TCP_6 ? 16 : 0;
    if (command == LOCAL || family == 0) {
      return Optional.empty();
    }
    if (size == 0 || length < 2 * size + 4) {
      throw rubbish();
    }
    byte[] source = new byte[size];
    rest.get(source).position(2 * size);
    return Optional.of(new InetSocketAddress(address(source), rest.getShort() & 0xffff));
  }

  private static InetAddress address(byte[] bytes) throws IOException {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException _) {
      throw rubbish();
    }
  }

  private static byte[] bytes(ReadableByteChannel channel, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the connection ended within the PROXY header");
      }
    }
    return buffer.array();
  }

  private static IOException rubbish() {
    return new IOException("not a header of the PROXY protocol");
  }
}
