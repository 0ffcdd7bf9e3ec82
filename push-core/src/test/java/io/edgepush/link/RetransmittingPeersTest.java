package io.edgepush.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that acknowledge nothing, in the tables of the kernel. */
class RetransmittingPeersTest {
  private static final String ROW =
      " 7: 0100007F:1F90 0200007F:C350 01 00000040:00000000 01:00000019 00000003  0  0 1 2 0 20 4";

  private static Map<String, Integer> read(String... rows) {
    Map<String, Integer> peers = new HashMap<>();
    for (String row : rows) {
      RetransmittingPeers.take(row, peers);
    }
    return peers;
  }

  @Test
  void aConnectionThatRetransmitsIsCounted() {
    String key = RetransmittingPeers.key(8_080, new InetSocketAddress("127.0.0.2", 50_000));
    assertEquals(Map.of(key, 3), read(ROW));
  }

  @ParameterizedTest
  @CsvSource({
    "01:00000019, 00:00000000", // nothing is on its way
    "01:00000019, 02:00000019", // keep-alive
    "00000003, 00000000",
  })
  void oneThatDoesNotIsNot(String part, String other) {
    assertEquals(Map.of(), read(ROW.replace(part, other)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sl local_address", "7: a b c d 01:00000019"})
  void whatIsNoRowIsPassedOver(String row) {
    assertEquals(Map.of(), read(row));
  }

  @Test
  void anIpv4AddressReadsTheSameFromBothTables() {
    assertEquals(
        read(ROW),
        read(
            ROW.replace("0100007F:", "0000000000000000FFFF00000100007F:")
                .replace("0200007F:", "0000000000000000FFFF00000200007F:")));
  }

  @Test
  void theKernelWritesARealConnectionAsItsKeyDoes() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, here);
        Socket client = new Socket(here, server.getLocalPort());
        Socket accepted = server.accept()) {
      String key =
          RetransmittingPeers.key(
              accepted.getLocalPort(), (InetSocketAddress) accepted.getRemoteSocketAddress());
      assertEquals(client.getLocalPort(), accepted.getPort());
      Map<String, Integer> all = new HashMap<>();
      for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
        if (Files.isReadable(Path.of(table))) {
          Files.readAllLines(Path.of(table)).forEach(row -> take(row, all));
        }
      }
      boolean told = Files.isReadable(Path.of("/proc/net/tcp"));
      assertEquals(told, all.containsKey(key), key);
      assertTrue(!RetransmittingPeers.read().containsKey(key), "it has nothing to acknowledge");
    }
  }

  /** As if it retransmitted. */
  private static void take(String row, Map<String, Integer> peers) {
    String[] field = row.strip().split(" +");
    if (field.length > 6 && field[5].contains(":")) {
      field[5] = "01:00000019";
      field[6] = "00000001";
      RetransmittingPeers.take(String.join(" ", field), peers);
    }
  }
}
