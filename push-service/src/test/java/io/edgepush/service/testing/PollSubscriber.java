package io.edgepush.service.testing;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.PollDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One poll after the other, on one connection. An answer counts as a whole; a cut happens between
 * two.
 */
final class PollSubscriber extends Subscriber {
  /** What a node that ends says to who polls it once more: the connection is over. */
  private static final String NODE_ENDS = "\"detail\":\"the node is about to end\"";

  private final HttpSocket socket;
  private final Ask ask;
  private final int waitSeconds;
  private volatile boolean closing;

  PollSubscriber(TestNode node, Ask ask, ClientView view, int waitSeconds) {
    super(view);
    this.ask = ask;
    this.waitSeconds = waitSeconds;
    view.connected();
    try {
      socket = new HttpSocket(node.port(), 0);
      poll(ask);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void poll(Ask next) throws IOException {
    String id = next.lastEventId().isEmpty() ? "X-None: 1" : "Last-Event-ID: " + next.lastEventId();
    socket.get(next.target("wait=" + waitSeconds), "Accept: application/json", id);
  }

  @Override
  void run() throws IOException {
    while (true) {
      String head = socket.head();
      byte[] body = socket.body(head);
      if (!head.startsWith("http/1.1 200 ")) {
        String problem = new String(body, StandardCharsets.UTF_8);
        if (problem.contains(NODE_ENDS)) {
          return;
        }
        throw new AssertionError("refused: " + head + problem);
      }
      PollDecoder.answer(body, view());
      if (closing) {
        return;
      }
      poll(ask.lastEventId("").behind(view().cursor()));
      if (view().connectionEvents().size() >= ask.cutAfter()) {
        socket.reset();
        return;
      }
    }
  }

  @Override
  public void cut() {
    socket.reset();
    awaitEnd();
  }

  @Override
  public void close() {
    closing = true;
    socket.close();
    awaitEnd();
  }
}
