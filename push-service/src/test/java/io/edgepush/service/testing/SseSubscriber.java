package io.edgepush.service.testing;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.SseDecoder;
import java.io.IOException;

/** An event stream. */
final class SseSubscriber extends Subscriber {
  private final HttpSocket socket;

  SseSubscriber(TestNode node, Ask ask, ClientView view, int receiveBytes) {
    super(view);
    view.connected(ask.cutAfter());
    try {
      socket = new HttpSocket(node.port(), receiveBytes);
      String id = ask.lastEventId().isEmpty() ? "X-None: 1" : "Last-Event-ID: " + ask.lastEventId();
      socket.get(ask.target(""), "Accept: text/event-stream", id);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  void run() throws IOException {
    String head = socket.head();
    if (!head.contains(" 200 ") || !head.contains("content-type: text/event-stream")) {
      throw new AssertionError("refused: " + head);
    }
    Streams.read(socket, new SseDecoder(view()), view());
  }

  @Override
  public void cut() {
    socket.reset();
    awaitEnd();
  }

  @Override
  public void close() {
    socket.close();
    awaitEnd();
  }
}
