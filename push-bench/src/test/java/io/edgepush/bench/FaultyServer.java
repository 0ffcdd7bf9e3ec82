package io.edgepush.bench;

import io.edgepush.bench.load.ServerProcess;
import io.edgepush.bench.load.Target;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A broadcast server for event streams whose faults are given: for each event, what subscribers are
 * sent instead.
 */
final class FaultyServer implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");
  private static final String STREAM =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
          + "event: subscribed\ndata: {\"type\":\"subscribed\"}\n\n";

  private final ServerSocket listener;
  private final List<OutputStream> subscribers = new CopyOnWriteArrayList<>();
  private final Function<byte[], List<byte[]>> instead;

  FaultyServer(Function<byte[], List<byte[]>> instead) throws IOException {
    this.instead = instead;
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  Target target() {
    return Target.baseline(
        listener.getLocalPort(), new ServerProcess(ProcessHandle.current().pid()));
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket;
        DataInputStream in = new DataInputStream(socket.getInputStream())) {
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        OutputStream out = socket.getOutputStream();
        if (head.startsWith("GET")) {
          out.write(STREAM.getBytes(StandardCharsets.US_ASCII));
          subscribers.add(out);
        } else {
          Matcher length = LENGTH.matcher(head);
          publish(in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0));
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void publish(byte[] body) throws IOException {
    for (byte[] event : instead.apply(body)) {
      for (OutputStream subscriber : subscribers) {
        subscriber.write(event);
      }
    }
  }

  /** Up to the empty line; empty when the connection ended. */
  private static String head(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.append((char) c);
      if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
