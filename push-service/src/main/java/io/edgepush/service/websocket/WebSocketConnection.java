package io.edgepush.service.websocket;

import io.edgepush.hub.Outbox;
import io.edgepush.hub.Session;
import io.edgepush.link.ChannelTransport;
import io.edgepush.link.Inbound;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import io.edgepush.wire.WebSocketFraming;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketContext;
import io.helidon.websocket.WsCloseCodes;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsOpCode;
import io.helidon.websocket.WsSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * One WebSocket on the engine. Bytes come on the selector's thread and are parsed there; messages
 * run on a virtual thread, one after the other, which ends when there are no more. While more than
 * {@link #MAX_INBOX_BYTES} wait, nothing is read. Sends go through the session's outbox, so they
 * are ordered with its events and never block.
 */
final class WebSocketConnection implements Inbound, WsSession, FrameParser.Sink {
  /** How much may wait for the listener. */
  static final int MAX_INBOX_BYTES = 256 * 1024;

  /** What a waiting message costs beside its bytes: a ping may have none. */
  private static final int OVERHEAD = 128;

  private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());

  private record Message(int bytes, Runnable call) {}

  private final Session session;
  private final Outbox outbox;
  private final ChannelTransport transport;
  private final WsListener listener;
  private final SocketContext socketContext;
  private final Optional<String> subProtocol;
  private final FrameParser parser;

  /** Guards the four below. */
  private final Object inboxLock = new Object();

  private final Queue<Message> inbox = new ArrayDeque<>(2);
  private int inboxBytes;
  private boolean running;
  private boolean paused;

  WebSocketConnection(
      Session session,
      ChannelTransport transport,
      WsListener listener,
      SocketContext socketContext,
      String subProtocol,
      int maxMessageBytes) {
    this.session = session;
    this.outbox = session.outbox();
    this.transport = transport;
    this.listener = listener;
    this.socketContext = socketContext;
    this.subProtocol = subProtocol.isEmpty() ? Optional.empty() : Optional.of(subProtocol);
    this.parser = new FrameParser(maxMessageBytes, transport.format().isDeflated(), this);
  }

  /** Tells the listener; on the thread that made the connection, before anything is read. */
  void open() {
    listener.onOpen(this);
  }

  @Override
  public boolean onBytes(ByteBuffer bytes) {
    session.heard();
    parser.parse(bytes);
    synchronized (inboxLock) {
      paused = inboxBytes > MAX_INBOX_BYTES;
      return !paused;
    }
  }

  @Override
  public void onEnd() {
    session.end(CloseReason.GONE);
    enqueue(0, () -> listener.onClose(this, WsCloseCodes.CLOSED_ABNORMALLY, "gone"));
  }

  @Override
  public void onMessage(boolean text, byte[] payload) {
    enqueue(
        payload.length,
        text
            ? () -> listener.onMessage(this, new String(payload, StandardCharsets.UTF_8), true)
            : () -> listener.onMessage(this, BufferData.create(payload), true));
  }

  @Override
  public void onControl(WsOpCode opCode, byte[] payload) {
    switch (opCode) {
      case PING -> {
        append(Frame.control(WebSocketFraming.frame(WebSocketFraming.FIN_PONG, payload)));
        enqueue(payload.length, () -> listener.onPing(this, BufferData.create(payload)));
      }
      case PONG -> enqueue(payload.length, () -> listener.onPong(this, BufferData.create(payload)));
      case CLOSE -> closedByClient(payload);
      case TEXT, BINARY, CONTINUATION ->
          throw new IllegalStateException("not a control frame: " + opCode);
    }
  }

  /** RFC 6455 §5.5.1: the answer to a close frame is a close frame with the same code. */
  private void closedByClient(byte[] payload) {
    Optional<CloseReason> violation = CloseFrames.violation(payload);
    if (violation.isPresent()) {
      onViolation(violation.get());
      return;
    }
    byte[] code = Arrays.copyOf(payload, Math.min(2, payload.length));
    outbox.close(
        CloseReason.NORMAL,
        Frame.control(WebSocketFraming.frame(WebSocketFraming.FIN_CLOSE, code)));
    session.end(CloseReason.NORMAL);
    int status = CloseFrames.code(payload);
    enqueue(0, () -> listener.onClose(this, status, CloseFrames.reason(payload)));
  }

  /** What came before the violation is still carried out, and answered. */
  @Override
  public void onViolation(CloseReason reason) {
    enqueue(
        0,
        () -> {
          session.end(reason);
          listener.onError(this, new ProtocolViolationException(reason));
        });
  }

  private void enqueue(int payload, Runnable call) {
    int bytes = payload + OVERHEAD;
    synchronized (inboxLock) {
      inbox.add(new Message(bytes, call));
      inboxBytes += bytes;
      if (running) {
        return;
      }
      running = true;
    }
    Thread.ofVirtual().name("ws-", 0).start(this::runInbox);
  }

  private void runInbox() {
    for (Message message = next(0); message != null; message = next(message.bytes())) {
      try {
        message.call().run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a message of session " + session.id() + " failed", e);
        session.end(CloseReason.INTERNAL_ERROR);
      }
    }
  }

  /**
   * The next message once one of so many bytes is done; null when there is none, and the thread
   * ends.
   */
  private Message next(int doneBytes) {
    boolean resume;
    Message message;
    synchronized (inboxLock) {
      inboxBytes -= doneBytes;
      message = inbox.poll();
      running = message != null;
      resume = paused && inboxBytes <= MAX_INBOX_BYTES / 2;
      paused &= !resume;
    }
    if (resume) {
      transport.resumeReading();
    }
    return message;
  }

  private WsSession append(Frame frame) {
    session.append(frame);
    return this;
  }

  private WsSession send(WsOpCode opCode, byte[] payload, boolean last) {
    return append(
        Frame.control(WebSocketFraming.frame((last ? 0x80 : 0) | opCode.code(), payload)));
  }

  @Override
  public WsSession send(String text, boolean last) {
    return send(WsOpCode.TEXT, text.getBytes(StandardCharsets.UTF_8), last);
  }

  @Override
  public WsSession send(BufferData data, boolean last) {
    return send(WsOpCode.BINARY, data.readBytes(), last);
  }

  @Override
  public WsSession ping(BufferData data) {
    return send(WsOpCode.PING, data.readBytes(), true);
  }

  @Override
  public WsSession pong(BufferData data) {
    return send(WsOpCode.PONG, data.readBytes(), true);
  }

  @Override
  public WsSession close(int code, String reason) {
    outbox.close(CloseReason.NORMAL, Frame.control(WebSocketFraming.close(code, reason)));
    session.end(CloseReason.NORMAL);
    return this;
  }

  @Override
  public WsSession terminate() {
    transport.close(CloseReason.GONE);
    return this;
  }

  @Override
  public Optional<String> subProtocol() {
    return subProtocol;
  }

  @Override
  public SocketContext socketContext() {
    return socketContext;
  }
}
