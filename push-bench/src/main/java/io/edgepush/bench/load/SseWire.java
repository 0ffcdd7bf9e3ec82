package io.edgepush.bench.load;

import static io.edgepush.bench.load.Bytes.ascii;

/** Blocks of server-sent events, with line feeds as line ends. */
final class SseWire implements Wire {
  private static final byte[] ID = ascii("id: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] EVENT = ascii("event: ");

  @Override
  public String headers() {
    return "Accept: text/event-stream\r\n";
  }

  @Override
  public boolean repeats() {
    return false;
  }

  @Override
  public int read(byte[] b, int from, int to, Inbox inbox, Replies connection) {
    int block = from;
    for (int i = from + 1; i < to; i++) {
      if (b[i] == '\n' && b[i - 1] == '\n') {
        block(b, block, i - 1, inbox);
        block = i + 1;
        i++;
      }
    }
    return block;
  }

  private static void block(byte[] b, int from, int to, Inbox inbox) {
    byte kind = 'm';
    for (int line = from; line < to; ) {
      int end = Bytes.indexOf('\n', b, line, to);
      if (Bytes.startsWith(ID, b, line, end)) {
        inbox.cursor(b, line + ID.length, end);
      } else if (Bytes.startsWith(EVENT, b, line, end)) {
        kind = b[line + EVENT.length];
      } else if (Bytes.startsWith(DATA, b, line, end)) {
        data(kind, b, line + DATA.length, end, inbox);
      }
      line = end + 1;
    }
  }

  private static void data(byte kind, byte[] b, int from, int to, Inbox inbox) {
    switch (kind) {
      case 'm' -> inbox.event(b, from, to);
      case 's' -> inbox.subscribed();
      case 'g' -> inbox.gap();
      case 'e' -> inbox.trouble(b, from, to);
      default -> {}
    }
  }
}
