package io.edgepush.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Cursor;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessageReaderTest {
  private static final long MAX_REF = (1L << 53) - 1;

  @Test
  void subscribeIsReadWithItsMembersInAnyOrder() {
    ClientMessage read =
        read(
            "{'cursor':'0:k3F:17-3','topics':['a','b','a'],'replay':0,'ref':9,'type':'subscribe'}");
    assertEquals(
        new ClientMessage.Subscribe(
            9,
            List.of(new Topic("a"), new Topic("b")),
            new Start.Behind(Cursor.parse("0:k3F:17-3"))),
        read);
  }

  @Test
  void withoutCursorASubscriptionBeginsWithTheReplay() {
    assertEquals(
        new Start.Latest(1000), start("{'type':'subscribe','topics':['a'],'replay':1000}"));
    assertEquals(Start.NOW, start("{'type':'subscribe','topics':['a']}"));
    assertEquals(Start.NOW, start("{'type':'subscribe','topics':['a'],'cursor':''}"));
  }

  @Test
  void theOtherMessagesAreRead() {
    assertEquals(
        new ClientMessage.Unsubscribe(ServerMessage.NO_REF, List.of(new Topic("a"))),
        read("{'type':'unsubscribe','topics':['a']}"));
    assertEquals(new ClientMessage.Auth(1, "t"), read("{'type':'auth','ref':1,'token':'t'}"));
    assertEquals(new ClientMessage.Ping(MAX_REF), read("{'type':'ping','ref':" + MAX_REF + "}"));
  }

  @Test
  void anEventIsTakenAsItStandsInTheMessage() {
    ClientMessage read = read("{'type':'publish','event':{'topic':'a' , 'data' : [ 1 ]}}");
    ClientMessage.Publish publish = (ClientMessage.Publish) read;
    assertEquals("[ 1 ]", new String(publish.publication().content().data(), UTF_8));
  }

  @Test
  void anEventBehindCharactersOfSeveralBytesIsTakenFromTheRightPlace() {
    ProblemException refused =
        assertThrows(
            ProblemException.class,
            () -> read("{'type':'publish','event':{'topic':'a','data':'€😀'},'é€😀':1}"));
    assertEquals("é€😀", refused.problem().field());
    ClientMessage.Publish publish =
        (ClientMessage.Publish)
            read("{'event':{'key':'é€😀','topic':'a','data':'€😀'},'type':'publish'}");
    assertEquals("\"€😀\"", new String(publish.publication().content().data(), UTF_8));
  }

  @Test
  void theDeepestDataThatMayBePublishedMayBePublishedHereToo() {
    String deep = "[".repeat(PublicationReader.MAX_DEPTH) + "]".repeat(PublicationReader.MAX_DEPTH);
    ClientMessage.Publish publish =
        (ClientMessage.Publish)
            read("{'type':'publish','event':{'topic':'a','data':" + deep + "}}");
    assertEquals(deep, new String(publish.publication().content().data(), UTF_8));
    Problem problem = refused("{'type':'publish','event':{'topic':'a','data':[" + deep + "]}}");
    assertEquals(Code.INVALID_FIELD, problem.code());
    assertTrue(problem.field().startsWith("event.data"), problem::field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void onlyUtf8IsRead(String charset) {
    byte[] message = "{\"type\":\"ping\"}".getBytes(java.nio.charset.Charset.forName(charset));
    ProblemException refused =
        assertThrows(ProblemException.class, () -> new ClientMessageReader(message).read());
    assertEquals(Code.MALFORMED, refused.problem().code());
  }

  @Test
  void aTokenIsNotPrinted() {
    ClientMessage auth = read("{'type':'auth','token':'secret'}");
    assertFalse(auth.toString().contains("secret"), auth::toString);
  }

  @Test
  void theRefOfARefusedMessageIsKnownWhenItWasReadBefore() {
    ClientMessageReader reader =
        new ClientMessageReader("{\"ref\":4,\"type\":\"?\"}".getBytes(UTF_8));
    assertThrows(ProblemException.class, reader::read);
    assertEquals(4, reader.ref());
  }

  @Provide
  Arbitrary<String> nearlyMessages() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"type\"",
            "\"subscribe\"",
            "\"publish\"",
            "\"topics\"",
            "\"event\"",
            "\"data\"",
            "\"topic\"",
            "\"ref\"",
            "\"a\"",
            "1",
            "-1",
            "1e9",
            "null",
            " ",
            "\n",
            "{\"type\":\"publish\",\"event\":",
            "{\"topic\":\"a\",\"data\":",
            "\\ud83d",
            "é",
            "😀",
            "\0")
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }

  @Property(tries = 1000)
  void whateverComesIsReadOrRefused(@ForAll("nearlyMessages") String message) {
    readOrRefuse(message.getBytes(UTF_8));
  }

  @Property(tries = 1000)
  void anyBytesAreReadOrRefused(@ForAll byte[] message) {
    readOrRefuse(message);
  }

  /** What is refused can be said: the error message is JSON whatever the client wrote. */
  private static void readOrRefuse(byte[] message) {
    try {
      assertTrue(new ClientMessageReader(message).read().ref() >= ServerMessage.NO_REF);
    } catch (ProblemException e) {
      byte[] json = ProblemJson.encode(e.problem());
      assertEquals('{', PublicationReader.readData(json)[0]);
    }
  }

  private static Start start(String message) {
    return ((ClientMessage.Subscribe) read(message)).start();
  }

  private static Problem refused(String message) {
    return assertThrows(ProblemException.class, () -> read(message)).problem();
  }

  private static ClientMessage read(String message) {
    return new ClientMessageReader(message.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
        .read();
  }
}
