package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.access.Credentials;
import io.edgepush.access.Grants;
import io.edgepush.access.Principal;
import io.edgepush.access.Term;
import io.edgepush.hub.Overflow;
import io.edgepush.model.ProblemException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatesTest {
  private static InetAddress address(String text) {
    return Addresses.literal(text).orElseThrow();
  }

  private static ServiceLimits limits(Map<Limit, Integer> values) {
    return new ServiceLimits(
        new LimitRules(0, new LimitValues(values), List.of()), _ -> Overflow.DISCONNECT);
  }

  @Test
  void aMillionAddressesLeaveABoundedNumberOfRatesBehind() throws Exception {
    ServiceLimits limits = limits(Map.of(Limit.CONNECTS_PER_IP, 5, Limit.CONNECTIONS_PER_IP, 5));
    byte[] bytes = new byte[4];
    long most = 0;
    for (int i = 0; i < 1_000_000; i++) {
      bytes[0] = (byte) (i >> 24 | 11);
      bytes[1] = (byte) (i >> 16);
      bytes[2] = (byte) (i >> 8);
      bytes[3] = (byte) i;
      limits.connect(InetAddress.getByAddress(bytes)).close();
      if ((i & 0xfff) == 0) {
        most = Math.max(most, limits.kept());
      }
    }
    assertTrue(most <= Rates.MOST_KEYS * 11L / 10, "kept " + most);
  }

  @Test
  void anIpv6AddressIsCountedByItsFirst64Bits() {
    assertEquals(
        Addresses.key(address("2001:db8:1:2::1")), Addresses.key(address("2001:db8:1:2:ffff::9")));
    assertNotEquals(
        Addresses.key(address("2001:db8:1:2::1")), Addresses.key(address("2001:db8:1:3::1")));
    assertNotEquals(Addresses.key(address("0:0:102:304::1")), Addresses.key(address("1.2.3.4")));
    assertEquals(Addresses.key(address("::ffff:1.2.3.4")), Addresses.key(address("1.2.3.4")));
  }

  @Test
  void aTokensOwnLimitsBeatTheConfiguredOnes() {
    ServiceLimits limits =
        limits(Map.of(Limit.TOPICS_PER_CONNECTION, 5, Limit.CONNECTIONS_PER_SUBJECT, 5));
    Principal who =
        new Principal(
            "alice",
            Credentials.Role.SUBSCRIBER,
            Grants.NONE,
            Term.ENDLESS,
            Map.of("topics-per-connection", 7L, "deliveries-per-second", Long.MAX_VALUE));
    assertEquals(7, limits.topics(who, "192.0.2.1"));
    assertEquals(5, limits.perSubject(who, "192.0.2.1"));
    assertEquals(Integer.MAX_VALUE, limits.of(Limit.DELIVERIES_PER_SECOND, who, "192.0.2.1"));
  }

  @Test
  void whatIsGivenBackIsFreeAgainAndOnlyOnce() {
    ServiceLimits limits = limits(Map.of(Limit.CONNECTIONS_PER_IP, 2));
    InetAddress who = address("192.0.2.1");
    Ticket first = limits.connect(who);
    Ticket second = limits.connect(who);
    ProblemException refused = assertThrows(ProblemException.class, () -> limits.connect(who));
    assertEquals(
        "\"connections-per-ip\";q=2;qu=\"concurrent-requests\"",
        refused.problem().quota().policyField());
    first.close();
    first.close();
    Ticket third = limits.connect(who);
    assertThrows(ProblemException.class, () -> limits.connect(who));
    second.close();
    third.close();
    assertEquals(0, limits.kept());
    assertEquals(2, limits.refusals().get(Limit.CONNECTIONS_PER_IP).sum());
  }

  @Test
  void aSubjectIsCountedWhateverItsAddressAndNobodyIsNot() {
    ServiceLimits limits = limits(Map.of(Limit.CONNECTIONS_PER_SUBJECT, 1));
    Principal ada = new Principal("ada", Credentials.Role.SUBSCRIBER);
    Ticket ticket = limits.enter(ada, "192.0.2.1");
    assertThrows(ProblemException.class, () -> limits.enter(ada, "192.0.2.2"));
    ticket.close();
    limits.enter(ada, "192.0.2.2").close();
    Principal anybody = new Principal("anonymous", Credentials.Role.SUBSCRIBER);
    assertEquals(Ticket.NONE, limits.enter(anybody, "192.0.2.1"));
  }

  @Test
  void whatIsOffIsNotCountedAtAll() {
    ServiceLimits limits = limits(Map.of());
    for (int i = 0; i < 1_000; i++) {
      assertEquals(Ticket.NONE, limits.connect(address("192.0.2.1")));
    }
    assertEquals(0, limits.kept());
    assertFalse(limits.isFull(Integer.MAX_VALUE));
  }

  @Test
  void theFirstClassThatAClientIsInCounts() {
    LimitValues one = new LimitValues(Map.of(Limit.MESSAGES_PER_SECOND, 1));
    LimitValues two = new LimitValues(Map.of(Limit.MESSAGES_PER_SECOND, 2));
    LimitValues rest = new LimitValues(Map.of(Limit.MESSAGES_PER_SECOND, 9));
    List<ClientClass> classes = new ArrayList<>();
    classes.add(
        new ClientClass(
            "lan", List.of(AddressBlock.parse("10.0.0.0/9").orElseThrow()), List.of(), one));
    classes.add(new ClientClass("bots", List.of(), List.of("bot-*", "crawler"), two));
    LimitRules rules = new LimitRules(0, rest, classes);
    assertEquals(one, rules.of("bot-1", "10.127.255.255"));
    assertEquals(two, rules.of("bot-1", "10.128.0.1"));
    assertEquals(two, rules.of("crawler", "not an address"));
    assertEquals(rest, rules.of("crawlers", "2001:db8::1"));
    assertEquals(one, rules.of(address("10.1.1.1")));
    assertEquals(rest, rules.of(address("11.1.1.1")));
  }
}
