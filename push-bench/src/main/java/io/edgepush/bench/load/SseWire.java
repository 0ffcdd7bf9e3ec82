package io.edgepush.bench.load;

import static io.edgepush.bench.load.Bytes.ascii;

/** Blocks of server-sent events, with line feeds as line ends. */
final class SseWire implements Wire {
  private static final byte[] ID = ascii("id: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] EVENT = ascii("event: ");

  /** An event without a name: no other begins with this letter. */
  private static final byte MESSAGE = 'm';

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
    byte kind = MESSAGE;
    int id = -1;
    int idEnd = 0;
    int data = -1;
    int dataEnd = 0;
    for (int line = from, end; (end = Bytes.indexOf('\n', b, line, to)) < to; line = end + 1) {
      if (end == line) {
        // Only now the block is known to be all there.
        if (id >= 0) {
          inbox.cursor(b, id, idEnd);
        }
        if (data >= 0) {
          data(kind, b, data, dataEnd, inbox);
        }
        block = end + 1;
        kind = MESSAGE;
        id = -1;
        data = -1;
      } else if (Bytes.startsWith(DATA, b, line, end)) {
        data = line + DATA.length;
        dataEnd = end;
      } else if (Bytes.startsWith(ID, b, line, end)) {
        id = line + ID.length;
        idEnd = end;
      } else if (Bytes.startsWith(EVENT, b, line, end)) {
        kind = b[line + EVENT.length];
      }
    }
    return block;
  }

  private static void data(byte kind, byte[] b, int from, int to, Inbox inbox) {
    switch (kind) {
      case MESSAGE -> inbox.event(b, from, to);
      case 's' -> inbox.subscribed();
      case 'g' -> inbox.gap();
      case 'e' -> inbox.trouble(b, from, to);
      default -> {}
    }
  }
}
