package io.edgepush.service.edge;

import java.time.Duration;

/**
 * Sets the deadline of a connection by what is awaited on it: a request, the rest of its head, more
 * of its body. For the connection's thread.
 */
final class Pace {
  private enum Awaited {
    REQUEST,
    HEAD,
    BODY
  }

  private final HttpDeadline deadline;
  private final Patience patience;
  private Awaited awaited = Awaited.HEAD;

  /**
   * The pace of a new connection.
   *
   * @param deadline is set for the first request already
   */
  Pace(HttpDeadline deadline, Patience patience) {
    this.deadline = deadline;
    this.patience = patience;
  }

  /** The thread is about to wait for bytes. */
  void reading() {
    if (awaited == Awaited.BODY) {
      deadline.set(patience.request());
    }
  }

  /** Bytes have come. */
  void read() {
    if (awaited == Awaited.BODY) {
      deadline.met();
    } else if (awaited == Awaited.REQUEST) {
      awaited = Awaited.HEAD;
      deadline.set(patience.request());
    }
  }

  /** The head of a request is there. */
  void headed(boolean hasBody) {
    if (!hasBody) {
      deadline.met();
    } else if (patience.streams()) {
      awaited = Awaited.BODY;
      deadline.met();
    }
  }

  /** The request is answered. */
  void answered() {
    awaited = Awaited.REQUEST;
    deadline.set(patience.idle());
  }

  /** The connection ends within this time. */
  void ends(Duration time) {
    deadline.set(time);
  }

  /** The connection speaks HTTP no more. */
  void over() {
    deadline.over();
  }
}
