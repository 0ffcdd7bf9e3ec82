package io.edgepush.service.edge;

import io.edgepush.model.Problem;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A descriptor kept for the time when the process has no more: given up, it makes room to accept
 * one connection and to say no. For the acceptor's thread.
 */
final class SpareDescriptor implements AutoCloseable {
  /**
   * How long a client that is refused has to say what it wants, for otherwise it would not read.
   */
  private static final int LISTEN_MS = 50;

  private static final int READ_BYTES = 4096;

  private static final Problem PROBLEM =
      Problem.retryable(Problem.Code.UNAVAILABLE, "the node takes no more connections", 1_000);

  private final Refusal refusal;
  private final byte[] heard = new byte[READ_BYTES];
  private SocketChannel held;

  /**
   * Takes a descriptor, as soon as there is one.
   *
   * @param refusal how connections are refused
   */
  SpareDescriptor(Refusal refusal) {
    this.refusal = refusal;
    // once before it is needed: a class that is not loaded yet may take a descriptor
    byte[] request = "Origin: http://localhost".getBytes(StandardCharsets.US_ASCII);
    refusal.bytes(PROBLEM, request, request.length);
    take();
  }

  /**
   * Accepts a connection after accepting has failed. Blocks until there is one.
   *
   * @param answers whether those that are refused are told, by HTTP without TLS; otherwise they are
   *     closed
   * @return the connection when there is a descriptor for it after all; empty when one was refused
   * @throws IOException when not even one can be accepted
   */
  Optional<SocketChannel> accept(ServerSocketChannel server, boolean answers) throws IOException {
    close();
    try {
      SocketChannel channel = server.accept();
      if (take()) {
        return Optional.of(channel);
      }
      refuse(channel, answers);
      return Optional.empty();
    } finally {
      take();
    }
  }

  private void refuse(SocketChannel channel, boolean answers) {
    try (channel) {
      if (answers) {
        int length = listen(channel);
        channel.socket().getOutputStream().write(refusal.bytes(PROBLEM, heard, length));
        channel.shutdownOutput();
      }
    } catch (IOException _) {
      // it is gone, which is what was wanted
    }
  }

  private int listen(SocketChannel channel) throws IOException {
    channel.socket().setSoTimeout(LISTEN_MS);
    try {
      return Math.max(0, channel.socket().getInputStream().read(heard));
    } catch (SocketTimeoutException _) {
      return 0; // it may listen all the same
    }
  }

  private boolean take() {
    try {
      if (held == null) {
        held = SocketChannel.open();
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      if (held != null) {
        held.close();
      }
    } catch (IOException _) {
      // the descriptor is released all the same
    }
    held = null;
  }
}
