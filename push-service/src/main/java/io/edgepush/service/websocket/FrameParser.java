package io.edgepush.service.websocket;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.PerMessageDeflate;
import io.edgepush.wire.WebSocketFraming;
import io.helidon.websocket.WsOpCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * Parses a client's frames (RFC 6455 §5) as the bytes come, joins fragments into messages, and
 * undoes the compression of a message when that was agreed on (RFC 7692 §6.2). Between messages it
 * holds no buffer. For one thread. After the first violation, or a close frame, nothing more is
 * parsed.
 */
final class FrameParser {
  /** Takes what was parsed. */
  interface Sink {
    /** A whole message. */
    void onMessage(boolean text, byte[] payload);

    /** A ping, pong or close frame. */
    void onControl(WsOpCode opCode, byte[] payload);

    /** A violation; nothing follows it. */
    void onViolation(CloseReason reason);
  }

  private static final int MAX_CONTROL = 125;
  private static final byte[] NOTHING = {};

  private final Sink sink;
  private final int maxMessageBytes;
  private final boolean deflate;

  /** The bytes of the header that have come. */
  private final byte[] header = new byte[14];

  private int headerLength;
  private boolean inPayload;
  private WsOpCode opCode = WsOpCode.CONTINUATION;
  private boolean fin;
  private int payloadLeft;
  private int maskIndex;
  private final byte[] mask = new byte[4];

  /** The message, or the control frame, so far. */
  private byte[] message = NOTHING;

  private int messageLength;
  private byte[] control = NOTHING;
  private int controlLength;
  private boolean inMessage;
  private boolean text;
  private boolean compressed;
  private Utf8Validator utf8;
  private boolean stopped;

  /**
   * A parser at the begin of a connection.
   *
   * @param maxMessageBytes the greatest message, before and after it is decompressed
   * @param deflate whether messages may be compressed
   */
  FrameParser(int maxMessageBytes, boolean deflate, Sink sink) {
    this.maxMessageBytes = maxMessageBytes;
    this.deflate = deflate;
    this.sink = sink;
  }

  /** Parses all bytes of the buffer. */
  void parse(ByteBuffer in) {
    while (in.hasRemaining() && !stopped) {
      if (inPayload) {
        payload(in);
      } else {
        header[headerLength++] = in.get();
        if (headerLength == 2) {
          checkStart();
        } else if (headerLength > 2 && headerLength == headerSize()) {
          begin();
        }
      }
    }
    in.position(in.limit());
  }

  /** The size of the header: 2 bytes, the extended length, the mask. */
  private int headerSize() {
    int length = header[1] & 0x7f;
    return (length == 126 ? 4 : length == 127 ? 10 : 2) + 4;
  }

  /** Checks the first two bytes (§5.2, §5.4, §5.5). */
  private void checkStart() {
    int code = header[0] & 0x0f;
    boolean known = code <= 2 || code >= 8 && code <= 10;
    boolean first = code == 1 || code == 2;
    boolean reserved = (header[0] & (deflate && first ? 0x30 : 0x70)) != 0;
    boolean masked = (header[1] & 0x80) != 0;
    fin = (header[0] & 0x80) != 0;
    boolean controlFrame = code >= 8;
    boolean controlOk = !controlFrame || fin && (header[1] & 0x7f) <= MAX_CONTROL;
    boolean orderOk = controlFrame || (code == 0) == inMessage;
    if (!known || reserved || !masked || !controlOk || !orderOk) {
      violate(CloseReason.BAD_FRAME);
      return;
    }
    opCode = WsOpCode.get(code);
  }

  private void begin() {
    int extended = headerSize() - 6;
    long length = extended == 0 ? header[1] & 0x7f : 0;
    for (int i = 2; i < 2 + extended; i++) {
      length = length << 8 | header[i] & 0xff;
    }
    boolean minimal = extended == 0 || length > (extended == 2 ? 125 : 0xffff);
    if (length < 0 || !minimal) {
      violate(CloseReason.BAD_FRAME);
      return;
    }
    if (length > maxMessageBytes - (isControl() ? 0 : messageLength)) {
      violate(CloseReason.MESSAGE_TOO_BIG);
      return;
    }
    System.arraycopy(header, 2 + extended, mask, 0, 4);
    maskIndex = 0;
    headerLength = 0;
    payloadLeft = (int) length;
    inPayload = true;
    if (isControl()) {
      control = payloadLeft == 0 ? NOTHING : new byte[payloadLeft];
      controlLength = 0;
    } else {
      beginData();
    }
    if (payloadLeft == 0) {
      endFrame();
    }
  }

  private void beginData() {
    if (opCode != WsOpCode.CONTINUATION) {
      inMessage = true;
      text = opCode == WsOpCode.TEXT;
      compressed = (header[0] & WebSocketFraming.RSV1) != 0;
      utf8 = text ? new Utf8Validator() : null;
    }
    // room for what is announced, but no more at once than what a client could have us hold for
    // nothing
    int needed = messageLength + Math.min(payloadLeft, 4096);
    if (message.length < needed) {
      message = Arrays.copyOf(message, needed);
    }
  }

  private boolean isControl() {
    return opCode.code() >= WsOpCode.CLOSE.code();
  }

  private void payload(ByteBuffer in) {
    int n = Math.min(payloadLeft, in.remaining());
    if (isControl()) {
      unmask(in, control, controlLength, n);
      controlLength += n;
    } else {
      if (message.length < messageLength + n) {
        int wanted = Math.max(messageLength + n, message.length * 2);
        message = Arrays.copyOf(message, Math.min(wanted, messageLength + payloadLeft));
      }
      unmask(in, message, messageLength, n);
      messageLength += n;
      if (text && !compressed && !utf8.accepts(message, messageLength - n, messageLength)) {
        violate(CloseReason.BAD_UTF8);
        return;
      }
    }
    payloadLeft -= n;
    if (payloadLeft == 0) {
      endFrame();
    }
  }

  private void unmask(ByteBuffer in, byte[] to, int at, int n) {
    in.get(to, at, n);
    for (int i = at; i < at + n; i++) {
      to[i] ^= mask[maskIndex++ & 3];
    }
  }

  private void endFrame() {
    inPayload = false;
    if (isControl()) {
      stopped = opCode == WsOpCode.CLOSE;
      byte[] payload = control;
      control = NOTHING;
      sink.onControl(opCode, payload);
    } else if (fin) {
      endMessage();
    }
  }

  private void endMessage() {
    byte[] payload =
        message.length == messageLength ? message : Arrays.copyOf(message, messageLength);
    if (compressed) {
      Optional<byte[]> inflated = inflate(payload);
      if (inflated.isEmpty()) {
        return;
      }
      payload = inflated.get();
    }
    if (text && !utf8.complete()) {
      violate(CloseReason.BAD_UTF8);
      return;
    }
    message = NOTHING;
    messageLength = 0;
    inMessage = false;
    utf8 = null;
    sink.onMessage(text, payload);
  }

  /** The message as it was; empty when it is refused. */
  private Optional<byte[]> inflate(byte[] payload) {
    Optional<byte[]> inflated;
    try {
      inflated = PerMessageDeflate.inflate(payload, maxMessageBytes);
    } catch (DataFormatException _) {
      violate(CloseReason.BAD_FRAME);
      return Optional.empty();
    }
    if (inflated.isEmpty()) {
      violate(CloseReason.MESSAGE_TOO_BIG);
    } else if (text && !utf8.accepts(inflated.get(), 0, inflated.get().length)) {
      violate(CloseReason.BAD_UTF8);
      return Optional.empty();
    }
    return inflated;
  }

  private void violate(CloseReason reason) {
    stopped = true;
    message = NOTHING;
    sink.onViolation(reason);
  }
}
