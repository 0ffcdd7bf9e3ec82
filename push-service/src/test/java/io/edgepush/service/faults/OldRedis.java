package io.edgepush.service.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers as a Redis before 7 does: it knows neither sharded pub/sub nor scripts with flags. */
final class OldRedis implements AutoCloseable {
  private final ServerSocket server;
  private final String version;

  OldRedis(String version) throws IOException {
    this.version = version;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
      for (String head = in.readLine(); head != null; head = in.readLine()) {
        List<String> command = new ArrayList<>();
        for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
          command.add(argument(in));
        }
        socket.getOutputStream().write(answer(command).getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException _) {
      // the client ended it
    }
  }

  private static String argument(BufferedReader in) throws IOException {
    char[] text = new char[Integer.parseInt(in.readLine().substring(1)) + 2];
    int at = 0;
    while (at < text.length) {
      at += in.read(text, at, text.length - at);
    }
    return new String(text, 0, text.length - 2);
  }

  private String answer(List<String> command) {
    return switch (command.getFirst().toUpperCase(Locale.ROOT)) {
      case "HELLO" -> "%3\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n+version\r\n+" + version + "\r\n";
      case "INFO" -> bulk("# Server\r\nredis_version:" + version + "\r\nredis_mode:standalone\r\n");
      case "PING" -> "+PONG\r\n";
      case "CLIENT" -> "+OK\r\n";
      case "SCRIPT" ->
          "-ERR Error compiling script (new function): user_script:1: unexpected symbol near '#'\r\n";
      case "EVALSHA" -> "-NOSCRIPT No matching script. Please use EVAL.\r\n";
      default -> "-ERR unknown command `" + command.getFirst() + "`\r\n";
    };
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
