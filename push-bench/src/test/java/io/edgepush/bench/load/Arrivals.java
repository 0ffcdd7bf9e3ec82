package io.edgepush.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Feeds an inbox through a wire as a socket would: in pieces, what is left over again. */
final class Arrivals implements Wire.Replies {
  final Counts counts = new Counts();
  final Inbox inbox = new Inbox(new Ledger(new int[] {3}, 2), counts, true, true);
  String pongs = "";
  int answered;
  int ended;
  private final Wire wire;
  private byte[] rest = {};

  Arrivals(Wire wire) {
    this.wire = wire;
  }

  void inPiecesOf(int size, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += size) {
      byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
      byte[] all = Arrays.copyOf(rest, rest.length + piece.length);
      System.arraycopy(piece, 0, all, rest.length, piece.length);
      int used = wire.read(all, 0, all.length, inbox, this);
      rest = Arrays.copyOfRange(all, used, all.length);
    }
  }

  int left() {
    return rest.length;
  }

  /** Data of topic 3 and lane 1. */
  static String data(long seq) {
    byte[] mark = new byte[Mark.LENGTH];
    Mark.write(mark, 0, 3, 1, seq, Ticks.micros());
    return "\"xx@" + new String(mark, StandardCharsets.US_ASCII) + "\"";
  }

  /** An event object. */
  static String event(int seq) {
    return "{\"id\":\"0:k3Fz8Q:17638000000%02d-3\",\"topic\":\"a\",\"data\":%s}"
        .formatted(seq, data(seq));
  }

  @Override
  public void pong(byte[] b, int from, int to) {
    pongs += new String(b, from, to - from, StandardCharsets.US_ASCII);
  }

  @Override
  public void answered() {
    answered++;
  }

  @Override
  public void end() {
    ended++;
  }
}
