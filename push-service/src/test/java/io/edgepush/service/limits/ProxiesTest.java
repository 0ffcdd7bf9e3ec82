package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static final String PROXY = "10.0.0.1";

  private static InetAddress address(String text) {
    return Addresses.literal(text).orElseThrow();
  }

  private static String client(Proxies.Header header, String peer, String value) {
    List<AddressBlock> trusted =
        Stream.of("10.0.0.0/24", "2001:db8:f::/48")
            .map(b -> AddressBlock.parse(b).orElseThrow())
            .toList();
    return new Proxies(trusted, header, false)
        .client(address(peer), name -> name.equals(header.key()) ? value : "")
        .getHostAddress();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7 | 192.0.2.7",
        "192.0.2.7:4711 | 192.0.2.7",
        "6.6.6.6, 192.0.2.7 | 192.0.2.7",
        "6.6.6.6, 192.0.2.7, 10.0.0.9 | 192.0.2.7",
        "rubbish, 192.0.2.7, 10.0.0.9 | 192.0.2.7",
        "10.0.0.8, 10.0.0.9 | 10.0.0.8",
        "2001:db8::7 | 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7]:443 | 2001:db8:0:0:0:0:0:7",
        "192.0.2.7, 2001:db8:f::1 | 192.0.2.7",
      })
  void theLastThatIsNoProxyOfOursIsTheClient(String value, String client) {
    assertEquals(client, client(Proxies.Header.X_FORWARDED_FOR, PROXY, value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=192.0.2.7 | 192.0.2.7",
        "For=192.0.2.7;proto=https;by=10.0.0.1 | 192.0.2.7",
        "proto=https; for=\"192.0.2.7:4711\" | 192.0.2.7",
        "for=\"[2001:db8::7]:4711\" | 2001:db8:0:0:0:0:0:7",
        "for=6.6.6.6, for=192.0.2.7, for=10.0.0.9 | 192.0.2.7",
      })
  void forwardedIsReadAsRfc7239HasIt(String value, String client) {
    assertEquals(client, client(Proxies.Header.FORWARDED, PROXY, value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "unknown",
        "_hidden",
        "localhost",
        "example.com",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "256.1.1.1",
        "0x7f.1",
        "2130706433",
        "1.2.3.4:",
        "1.2.3.4:port",
        "1.2.3.4:123456",
        "::1%eth0",
        "[::1",
        "[]",
        "[1.2.3.4]",
        ":::",
        "1:2:3:4:5:6:7:8:9",
        "1.2.3.4 5.6.7.8",
        "192.0.2.7,",
      })
  void rubbishLeavesTheProxyAsTheClient(String value) {
    assertEquals(PROXY, client(Proxies.Header.X_FORWARDED_FOR, PROXY, value));
    assertEquals(PROXY, client(Proxies.Header.FORWARDED, PROXY, "for=" + value));
    assertEquals(PROXY, client(Proxies.Header.FORWARDED, PROXY, value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for=2001:db8::7",
        "for=192.0.2.7:80",
        "for=192.0.2.7;for=192.0.2.8",
        "for=\"192.0.2.7",
        "fo=192.0.2.7",
      })
  void whatRfc7239DoesNotPermitIsNotBelieved(String value) {
    assertEquals(PROXY, client(Proxies.Header.FORWARDED, PROXY, value));
  }

  @Test
  void nobodyElseIsBelieved() {
    assertEquals("10.0.1.1", client(Proxies.Header.X_FORWARDED_FOR, "10.0.1.1", "192.0.2.7"));
    assertEquals(PROXY, client(Proxies.Header.NONE, PROXY, "192.0.2.7"));
  }

  @Test
  void anEndlessChainIsNotFollowed() {
    String chain = "192.0.2.7" + ", 10.0.0.2".repeat(1_000);
    assertEquals("10.0.0.2", client(Proxies.Header.X_FORWARDED_FOR, PROXY, chain));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "::/129", "a/8", "1/1"})
  void whatIsNoBlockOfAddressesIsRefused(String text) {
    assertTrue(AddressBlock.parse(text).isEmpty());
  }
}
