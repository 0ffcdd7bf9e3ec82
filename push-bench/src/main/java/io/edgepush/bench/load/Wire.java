package io.edgepush.bench.load;

/** How a transport speaks: what a client asks with, and how the answer is read. Without state. */
sealed interface Wire permits WebSocketWire, SseWire, PollWire {
  /** Header lines of the request besides Host and Authorization, each with its line end. */
  String headers();

  /** Whether each request gets one answer, and is repeated with the cursor. */
  boolean repeats();

  /**
   * Reads whole messages; the rest is read again once more has come.
   *
   * @param b bytes behind the head of the answer (of a transport that repeats: with the heads)
   * @param connection where a reply goes
   * @return where the first message begins that is not all there
   */
  int read(byte[] b, int from, int to, Inbox inbox, Replies connection);

  /** What a message can make a connection do. Called by the selector's thread. */
  interface Replies {
    /** Sends a pong with these bytes. */
    void pong(byte[] b, int from, int to);

    /** The answer is complete: ask again. */
    void answered();

    /** Nothing more is to come. */
    void end();
  }
}
