package io.edgepush.service.websocket;

import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Session;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.service.limits.MessageRates;
import io.edgepush.service.limits.ServiceLimits;
import io.edgepush.wire.CborMessages;
import io.edgepush.wire.ClientMessage;
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
  private final ServiceLimits limits;
  private final MessageRates rates;
  private int refused;
  private boolean ended;

  /**
   * A listener.
   *
   * @param cbor whether messages are CBOR in binary messages; otherwise JSON in text messages
   */
  SubscriberListener(Session session, ClientCommands commands, ServiceLimits limits, boolean cbor) {
    this.session = session;
    this.commands = commands;
    this.cbor = cbor;
    this.limits = limits;
    this.rates = new MessageRates(limits, session::principal, session.peer());
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
      if (!ended && counted()) {
        refuse(ServerMessage.NO_REF, e.problem());
      }
      return;
    }
    execute(json);
  }

  private void execute(byte[] json) {
    if (ended || !counted()) {
      return; // when it has ended, the message came before the client could know
    }
    ClientMessageReader reader = new ClientMessageReader(json);
    try {
      ClientMessage message = reader.read();
      if (message instanceof ClientMessage.Subscribe) {
        rates.subscribe();
      }
      commands.execute(session, message);
    } catch (ProblemException e) {
      refuse(reader.ref(), e.problem());
    }
  }

  @Override
  public void onPing(WsSession socket, BufferData buffer) {
    if (!ended) {
      counted();
    }
  }

  /** Whether the message is within the rate; otherwise the connection ends. */
  private boolean counted() {
    try {
      rates.message();
      return true;
    } catch (ProblemException e) {
      session.send(new ServerMessage.Refused(ServerMessage.NO_REF, e.problem(), ""));
      end(CloseReason.MESSAGE_RATE);
      return false;
    }
  }

  private void refuse(long ref, Problem problem) {
    session.send(new ServerMessage.Refused(ref, problem, ""));
    switch (problem.code()) {
      case UNAUTHENTICATED -> end(CloseReason.UNAUTHENTICATED);
      case TOO_MANY_REQUESTS -> { // the client may go on
        if (!problem.quota().given()) {
          limits.tooManyTopics();
        }
      }
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
