package io.edgepush.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Which peers acknowledge nothing, as Linux tells in {@code /proc/net/tcp} (proc_net_tcp.txt of its
 * documentation): the retransmissions of a connection without an acknowledgement. A peer that is
 * there but reads nothing is not among them: its kernel acknowledges. Elsewhere nobody is known,
 * and TCP's own time limits hold.
 */
final class RetransmittingPeers {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String RETRANSMIT_TIMER = "01:";
  private static final String MAPPED = "0000000000000000FFFF0000";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private RetransmittingPeers() {}

  /**
   * Reads the tables; takes milliseconds for tens of thousands of connections.
   *
   * @return retransmissions by {@link #key}; only connections that have any
   */
  static Map<String, Integer> read() {
    Map<String, Integer> peers = new HashMap<>();
    for (Path table : TABLES) {
      if (Files.isReadable(table)) {
        try (BufferedReader lines = Files.newBufferedReader(table)) {
          lines.readLine();
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            take(line, peers);
          }
        } catch (IOException | NumberFormatException _) {
          return Map.of(); // a table that can not be read says nothing about anybody
        }
      }
    }
    return peers;
  }

  /**
   * Reads {@code sl local remote st tx:rx tr:when retransmissions …}, addresses and numbers in
   * hexadecimal.
   */
  static void take(String line, Map<String, Integer> peers) {
    String[] field = line.strip().split(" +", 8);
    if (field.length > 6 && field[5].startsWith(RETRANSMIT_TIMER)) {
      int retransmissions = Integer.parseInt(field[6], 16);
      if (retransmissions > 0) {
        peers.put(port(field[1]) + ">" + unmapped(field[2]), retransmissions);
      }
    }
  }

  private static String port(String address) {
    return address.substring(address.lastIndexOf(':') + 1);
  }

  /** An IPv4 address that is mapped into IPv6 as the IPv4 address. */
  private static String unmapped(String address) {
    return address.startsWith(MAPPED) ? address.substring(MAPPED.length()) : address;
  }

  /**
   * The connection's key: its local port, and the peer's address as the kernel writes it, in words
   * of native order.
   */
  static String key(int localPort, InetSocketAddress peer) {
    byte[] bytes = peer.getAddress().getAddress();
    StringBuilder key =
        new StringBuilder(48).append(HEX.toHexDigits((short) localPort)).append('>');
    for (int word = 0; word < bytes.length; word += 4) {
      for (int i = 3; i >= 0; i--) {
        int at = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? word + i : word + 3 - i;
        key.append(HEX.toHexDigits(bytes[at]));
      }
    }
    return key.append(':').append(HEX.toHexDigits((short) peer.getPort())).toString();
  }
}
