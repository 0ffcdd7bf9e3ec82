package io.edgepush.service.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static Optional<InetSocketAddress> read(InputStream in) throws IOException {
    return ProxyHeader.read(Channels.newChannel(in));
  }

  private static InputStream text(String latin) {
    return new ByteArrayInputStream(latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static InputStream binary(String hex) {
    return new ByteArrayInputStream(HexFormat.of().parseHex(SIGNATURE + hex));
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.7 10.0.0.1 56324 443, 192.0.2.7, 56324",
    "PROXY TCP6 2001:db8::7 ::1 0 65535, 2001:db8:0:0:0:0:0:7, 0",
  })
  void version1IsReadToTheEndOfItsLineAndNoFurther(String line, String host, int port)
      throws IOException {
    InputStream in = text(line + "\r\nGET / HTTP/1.1\r\n");
    InetSocketAddress client = read(in).orElseThrow();
    assertEquals(host, client.getAddress().getHostAddress());
    assertEquals(port, client.getPort());
    assertEquals("GET / HTTP/1.1\r\n", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
  }

  @Test
  void aProxyThatDoesNotKnowTheClientSpeaksForItself() throws IOException {
    assertEquals(Optional.empty(), read(text("PROXY UNKNOWN\r\n")));
    assertEquals(Optional.empty(), read(text("PROXY UNKNOWN ff:: ff:: 1 2\r\n")));
    assertEquals(Optional.empty(), read(binary("20000000")));
    assertEquals(Optional.empty(), read(binary("21000000")));
    assertEquals(Optional.empty(), read(binary("2011000c" + "c0000207" + "0a000001" + "dc0401bb")));
  }

  @Test
  void version2IsReadWithItsExtensionsAndNoFurther() throws IOException {
    InputStream in =
        binary("2111000f" + "c0000207" + "0a000001" + "dc0401bb" + "040000" + "474554");
    assertEquals(
        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 0xdc04), read(in).orElseThrow());
    assertEquals("GET", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    String six = "20010db8000000000000000000000007" + "00000000000000000000000000000001";
    assertEquals(
        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::7"), 1),
        read(binary("21210024" + six + "0001ffff")).get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PROXY",
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n",
        "PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY TCP4 localhost 1.2.3.4 1 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n",
        "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY UNKNOWN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
      })
  void rubbishIsRefused(String line) {
    assertThrows(IOException.class, () -> read(text(line)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "21",
        "1111000c" + "c0000207" + "0a000001" + "dc0401bb",
        "2211000c" + "c0000207" + "0a000001" + "dc0401bb",
        "2112000c" + "c0000207" + "0a000001" + "dc0401bb",
        "2131000c" + "c0000207" + "0a000001" + "dc0401bb",
        "2111000b" + "c0000207" + "0a000001" + "dc0401bb",
        "2111000c" + "c0000207" + "0a000001",
        "21210023" + "00",
        "2111ffff",
      })
  void rubbishInBinaryIsRefused(String hex) {
    assertThrows(IOException.class, () -> read(binary(hex)));
  }

  @Test
  void noBytesAtAllMakeItFailInAnotherWay() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      String start = i % 2 == 0 ? SIGNATURE : "";
      byte[] all = HexFormat.of().parseHex(start + HexFormat.of().formatHex(bytes));
      try {
        read(new ByteArrayInputStream(all));
      } catch (IOException refused) {
        assertNotNull(refused.getMessage());
      }
    }
  }
}
