package io.edgepush.bench.load;

import static io.edgepush.bench.load.Bytes.ascii;

/** Long-poll answers: a head with Content-Length and an object that begins with the cursor. */
final class PollWire implements Wire {
  private static final int OK = 200;
  private static final byte[] CURSOR = ascii("{\"cursor\":\"");
  private static final byte[] NO_GAPS = ascii("\"gaps\":[]}");

  @Override
  public String headers() {
    return "Accept: application/json\r\n";
  }

  @Override
  public boolean repeats() {
    return true;
  }

  @Override
  public int read(byte[] b, int from, int to, Inbox inbox, Replies connection) {
    int at = from;
    int body = Bytes.body(b, at, to);
    while (body >= 0) {
      int length = Bytes.contentLength(b, at, body);
      if (length >= 0 && to - body < length) {
        return at;
      }
      if (Bytes.status(b, at) != OK || length < 0) {
        inbox.trouble(b, at, to);
        connection.end();
        return to;
      }
      answer(b, body, body + length, inbox);
      connection.answered();
      at = body + length;
      body = Bytes.body(b, at, to);
    }
    return at;
  }

  private static void answer(byte[] b, int from, int to, Inbox inbox) {
    if (Bytes.startsWith(CURSOR, b, from, to)) {
      int cursor = from + CURSOR.length;
      inbox.cursor(b, cursor, Bytes.indexOf('"', b, cursor, to));
    }
    int mark = Mark.find(b, from, to);
    while (mark >= 0) {
      inbox.mark(b, mark);
      mark = Mark.find(b, mark + Mark.LENGTH, to);
    }
    if (!Bytes.startsWith(NO_GAPS, b, Math.max(from, to - NO_GAPS.length), to)) {
      inbox.gap();
    }
    inbox.subscribed();
  }
}
