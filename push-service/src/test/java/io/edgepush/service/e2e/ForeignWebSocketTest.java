package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.edgepush.hub.client.Ledger;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.TestNode;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subprotocols and compression, seen by a client library that is not ours: OkHttp. */
final class ForeignWebSocketTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CBORMapper CBOR = new CBORMapper();
  private static final String LONG_TEXT = "the same again and ".repeat(2_000);

  private final OkHttpClient client =
      new OkHttpClient.Builder().minWebSocketMessageToCompress(0).build();
  private TestNode node;

  @AfterEach
  void close() {
    client.dispatcher().executorService().shutdownNow();
    node.close();
  }

  /** Notes what comes: text as it is, bytes as CBOR. */
  private static final class Messages extends WebSocketListener {
    private final CompletableFuture<Response> opened = new CompletableFuture<>();
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    @Override
    public void onOpen(WebSocket socket, Response response) {
      opened.complete(response);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      received.add(text);
    }

    @Override
    public void onMessage(WebSocket socket, ByteString bytes) {
      received.add(bytes);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      received.add(code);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, Response response) {
      opened.completeExceptionally(failure);
      received.add(failure);
    }

    private Object next() throws Exception {
      Object next = received.poll(20, TimeUnit.SECONDS);
      assertNotNull(next, "a message");
      return next;
    }

    JsonNode json() throws Exception {
      return JSON.readTree((String) next());
    }

    JsonNode cbor() throws Exception {
      return CBOR.readTree(((ByteString) next()).toByteArray());
    }
  }

  private WebSocket open(Messages messages, String subProtocol, String query) {
    Request.Builder request =
        new Request.Builder().url("http://127.0.0.1:" + node.port() + "/subscribe" + query);
    if (!subProtocol.isEmpty()) {
      request.header("Sec-WebSocket-Protocol", subProtocol);
    }
    return client.newWebSocket(request.build(), messages);
  }

  private Publisher publisher() {
    return new Publisher(node, new Ledger());
  }

  @Test
  void compressionIsAgreedOnAndBothSidesUseIt() throws Exception {
    node = TestNode.start("--websocket-compression=true");
    Messages messages = new Messages();
    WebSocket socket = open(messages, "push.v1.json", "");
    assertEquals(
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        messages.opened.get().header("Sec-WebSocket-Extensions"));
    assertEquals("welcome", messages.json().get("type").asText());

    String topics =
        IntStream.range(0, 500)
            .mapToObj(i -> "\"topic." + i + "\"")
            .collect(Collectors.joining(","));
    socket.send("{\"type\":\"subscribe\",\"ref\":1,\"topics\":[" + topics + "]}");
    assertEquals(500, messages.json().get("topics").size());
    for (String text : new String[] {"short", LONG_TEXT, "", LONG_TEXT + "!"}) {
      publisher().publishObject("{\"topic\":\"topic.7\",\"data\":\"" + text + "\"}");
      assertEquals(text, messages.json().get("event").get("data").asText());
    }
    socket.close(1000, null);
    assertEquals(1000, messages.next());
  }

  @Test
  void withoutConfigurationNothingIsCompressed() throws Exception {
    node = TestNode.start();
    Messages messages = new Messages();
    open(messages, "", "?topic=a");
    assertNull(messages.opened.get().header("Sec-WebSocket-Extensions"));
    assertNull(messages.opened.get().header("Sec-WebSocket-Protocol"));
    assertEquals("welcome", messages.json().get("type").asText());
  }

  @Test
  void cborHasTheSameMessagesAndBinaryDataAsBytes() throws Exception {
    node = TestNode.start("--websocket-compression=true");
    Messages cbor = new Messages();
    Messages json = new Messages();
    open(cbor, "push.v1.cbor, push.v1.json", "?topic=a&topic=files");
    open(json, "push.v1.json", "?topic=a&topic=files");
    assertEquals("push.v1.cbor", cbor.opened.get().header("Sec-WebSocket-Protocol"));
    for (String type : new String[] {"welcome", "subscribed"}) {
      assertEquals(type, cbor.cbor().get("type").asText());
      assertEquals(type, json.json().get("type").asText());
    }

    for (String data :
        new String[] {
          "null",
          "true",
          "-7",
          "9007199254740993",
          "123456789012345678901234567890",
          "1.5e3",
          "\"é\\u0000😀\"",
          "[]",
          "{}",
          "[1,[2,{\"a\":[]}],\"x\"]",
          "\"" + LONG_TEXT + "\""
        }) {
      publisher()
          .publishObject("{\"topic\":\"a\",\"type\":\"t\",\"key\":\"k\",\"data\":" + data + "}");
      JsonNode expected = json.json();
      assertEquals(expected.toString(), cbor.cbor().toString());
    }
    byte[] bytes = {0, 1, (byte) 0xff};
    publisher().publish(new io.edgepush.model.Topic("files"), "application/octet-stream", bytes);
    JsonNode event = cbor.cbor().get("event");
    assertTrue(event.get("data").isBinary());
    assertEquals(ByteString.of(bytes), ByteString.of(event.get("data").binaryValue()));
    assertNull(event.get("encoding"));
    assertEquals("AAH/", json.json().get("event").get("data").asText());
  }

  @Test
  void aCborClientPublishesBytesAndIsToldWhatIsWrong() throws Exception {
    node = TestNode.start();
    Messages cbor = new Messages();
    WebSocket socket = open(cbor, "push.v1.cbor", "?topic=files");
    assertEquals("welcome", cbor.cbor().get("type").asText());
    assertEquals("subscribed", cbor.cbor().get("type").asText());

    byte[] bytes = {9, 8, 7};
    var event = JSON.createObjectNode().put("topic", "files").put("data", bytes);
    var publish = JSON.createObjectNode().put("type", "publish").put("ref", 5);
    publish.set("event", event);
    socket.send(ByteString.of(CBOR.writeValueAsBytes(publish)));
    JsonNode first = cbor.cbor();
    JsonNode second = cbor.cbor();
    JsonNode delivered = first.get("type").asText().equals("event") ? first : second;
    assertEquals(
        ByteString.of(bytes), ByteString.of(delivered.get("event").get("data").binaryValue()));

    for (String wrong :
        new String[] {
          "",
          "a0",
          "ff",
          "a1647479706543010203",
          "a164747970656470696e67a0",
          "bf6474797065",
          "a2647479706564706f6e6763726566fb7ff0000000000000"
        }) {
      socket.send(ByteString.decodeHex(wrong));
      assertEquals("error", cbor.cbor().get("type").asText(), wrong);
    }
    socket.send("{\"type\":\"ping\"}");
    assertEquals(1003, cbor.next());
  }
}
