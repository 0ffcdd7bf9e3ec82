package io.edgepush.service.testing;

import io.edgepush.hub.client.ClientView;

/** The transports, as a client chooses among them. */
public enum Wire {
  /** A WebSocket. */
  WEBSOCKET {
    @Override
    Subscriber open(TestNode node, Ask ask, ClientView view) {
      return new WebSocketSubscriber(node, ask, view, 0, true);
    }

    @Override
    Subscriber openNarrow(TestNode node, Ask ask, ClientView view, int receiveBytes) {
      return new WebSocketSubscriber(node, ask, view, receiveBytes, true);
    }
  },

  /** An event stream. */
  SSE {
    @Override
    Subscriber open(TestNode node, Ask ask, ClientView view) {
      return new SseSubscriber(node, ask, view, 0);
    }

    @Override
    Subscriber openNarrow(TestNode node, Ask ask, ClientView view, int receiveBytes) {
      return new SseSubscriber(node, ask, view, receiveBytes);
    }
  },

  /** Polls, one after the other. */
  LONG_POLL {
    @Override
    Subscriber open(TestNode node, Ask ask, ClientView view) {
      return new PollSubscriber(node, ask, view, POLL_WAIT_SECONDS);
    }

    @Override
    Subscriber openNarrow(TestNode node, Ask ask, ClientView view, int receiveBytes) {
      throw new UnsupportedOperationException("a poll's answer waits for nobody");
    }
  };

  private static final int POLL_WAIT_SECONDS = 2;

  abstract Subscriber open(TestNode node, Ask ask, ClientView view);

  abstract Subscriber openNarrow(TestNode node, Ask ask, ClientView view, int receiveBytes);

  /** Connects a client; returns before anything was answered. */
  public Subscriber connect(TestNode node, Ask ask, ClientView view) {
    Subscriber subscriber = open(node, ask, view);
    subscriber.read();
    return subscriber;
  }

  /** Connects a new client. */
  public Subscriber connect(TestNode node, Ask ask) {
    return connect(node, ask, new ClientView());
  }

  /** Connects a client again, behind the cursor that it has. */
  public Subscriber resume(TestNode node, Ask ask, ClientView view) {
    return connect(node, ask.behind(view.cursor()), view);
  }

  /** Connects a client and waits until its topics are live. */
  public Subscriber subscribe(TestNode node, Ask ask) {
    return connect(node, ask).awaitNotice(subscribedNotice());
  }

  /** A client that asks and then reads nothing until it is told to. */
  public Subscriber connectWithoutReading(TestNode node, Ask ask, int receiveBytes) {
    return openNarrow(node, ask, new ClientView(), receiveBytes);
  }

  /** A WebSocket that never answers a ping. */
  public static Subscriber connectSilent(TestNode node, Ask ask) {
    Subscriber subscriber = new WebSocketSubscriber(node, ask, new ClientView(), 0, false);
    subscriber.read();
    return subscriber;
  }

  /** The message by which a client knows that its topics are live. */
  public String subscribedNotice() {
    return this == LONG_POLL ? "poll" : "subscribed";
  }
}
