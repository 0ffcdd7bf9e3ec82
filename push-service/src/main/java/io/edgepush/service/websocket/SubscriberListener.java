package io.edgepush.service.websocket;

import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Session;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.wire.CborMessages;
import io.edgepush.wire.ClientMessageReader;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.ServerMessage;
import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.nio.charset.StandardCharsets;

/**
 * The messages of docs/PROTOCOL.md on a WebSocket. Called one message at a time, on a virtual
 * thread; may block.
 */
final class SubscriberListener implements WsListener {
  /** The refused message that closes the connection. */
  private static final int MAX_REFUSED = 10;

  private final Session session;
  private final ClientCommands commands;
  private final boolean cbor;
  private int refused;
  private boolean ended;

  /**
   * A listener.
   *
   * @param cbor whether messages are CBOR in binary messages; otherwise JSON in text messages
   */
  SubscriberListener(Session session, ClientCommands commands, boolean cbor) {
    this.session = session;
    this.commands = commands;
    this.cbor = cbor;
  }

  @Override
  public void onMessage(WsSession socket, String text, boolean last) {
    if (cbor) {
      end(CloseReason.TEXT_NOT_ACCEPTED);
    } else {
      execute(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void onMessage(WsSession socket, BufferData data, boolean last) {
    if (!cbor) {
      end(CloseReason.BINARY_NOT_ACCEPTED);
      return;
    }
    byte[] json;
    try {
      json = CborMessages.toJson(data.readBytes());
    } catch (ProblemException e) {
      refuse(ServerMessage.NO_REF, e.problem());
      return;
    }
    execute(json);
  }

  private void execute(byte[] json) {
    if (ended) {
      return; // it came before the client could know
    }
    ClientMessageReader reader = new ClientMessageReader(json);
    try {
      commands.execute(session, reader.read());
    } catch (ProblemException e) {
      refuse(reader.ref(), e.problem());
    }
  }

  private void refuse(long ref, Problem problem) {
    session.send(new ServerMessage.Refused(ref, problem, ""));
    switch (problem.code()) {
      case UNAUTHENTICATED -> end(CloseReason.UNAUTHENTICATED);
      case UNAVAILABLE -> {} // our fault, not the client's
      default -> {
        if (++refused >= MAX_REFUSED) {
          end(CloseReason.PROTOCOL_ERROR);
        }
      }
    }
  }

  private void end(CloseReason reason) {
    ended = true;
    session.end(reason);
  }
}
