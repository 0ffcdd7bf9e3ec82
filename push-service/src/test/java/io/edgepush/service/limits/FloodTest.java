package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Thousands of connections from one address, and another client that does not notice. The longer
 * variant holds 10,000 of them, or as many as there are descriptors for both ends.
 */
class FloodTest {
  private static final boolean LONG = Boolean.getBoolean("long");
  private static final int MOST = LONG ? 10_000 : 300;
  private static final int ROUNDS = LONG ? 7 : 1;
  private static final int EVENTS = LONG ? 1_000 : 50;
  private static final int SPARE = 500;
  private static final double WITHIN = 1.2;
  private static final byte[] STREAM =
      "GET /subscribe?topic=flood HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private static int affordable() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
      long free = os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount() - SPARE;
      return (int) Math.min(MOST, free / 2);
    }
    return Math.min(MOST, 1_000);
  }

  private static Socket flooder(int port) throws IOException {
    InetAddress from = InetAddress.ofLiteral("127.0.0.9");
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
    socket.getOutputStream().write(STREAM);
    return socket;
  }

  private static String status(Socket socket) throws IOException {
    byte[] status = socket.getInputStream().readNBytes(12);
    return new String(status, 9, 3, StandardCharsets.US_ASCII);
  }

  @Test
  void thousandsOfConnectionsFromOneAddressDoNotSlowAnotherClientDown() throws IOException {
    int count = affordable();
    List<Socket> flood = new ArrayList<>();
    try (LiveNode node = LiveNode.development("--heartbeat=10m");
        RawWebSocket client = new RawWebSocket(node.port(), "?topic=good")) {
      client.next("subscribed");
      for (int i = 0; LONG && i < 10; i++) {
        p99(node, client); // warms up
      }
      long[] alone = new long[ROUNDS];
      long[] during = new long[ROUNDS];
      // by turns, so that what else the machine does counts for both alike
      for (int i = 0; i < ROUNDS; i++) {
        alone[i] = p99(node, client);
        for (int n = 0; n < count; n++) {
          flood.add(flooder(node.port()));
        }
        for (Socket socket : flood) {
          assertEquals("200", status(socket));
        }
        during[i] = p99(node, client);
        close(flood);
        flood.clear();
      }
      Arrays.sort(alone);
      Arrays.sort(during);
      long before = alone[ROUNDS / 2];
      long then = during[ROUNDS / 2];
      System.out.printf(
          "flood: %d connections, p99 %d us without, %d us with%n",
          count, before / 1_000, then / 1_000);
      assertTrue(!LONG || then <= before * WITHIN, count + ": " + before + " ns, then " + then);
    } finally {
      close(flood);
    }
  }

  @Test
  void overTheLimitThousandsAreRefusedAndAnotherAddressIsServed() throws IOException {
    int count = affordable();
    int allowed = 100;
    int refused = 0;
    List<Socket> open = new ArrayList<>();
    try (LiveNode node =
            LiveNode.development(
                "--connections-per-ip=" + allowed, "--max-connections=1000", "--heartbeat=10m");
        RawWebSocket client = new RawWebSocket(node.port(), "?topic=good")) {
      client.next("subscribed");
      for (int i = 0; i < count; i++) {
        Socket socket = flooder(node.port());
        String status = status(socket);
        if (status.equals("200")) {
          open.add(socket);
        } else {
          assertEquals("429", status);
          refused++;
          socket.close();
        }
      }
      assertEquals(allowed, open.size());
      assertEquals(count - allowed, refused);
      p99(node, client);
      assertEquals(200, node.get("/negotiate").status());
    } finally {
      close(open);
    }
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Nanoseconds from publishing an event to its arrival. */
  private static long p99(LiveNode node, RawWebSocket client) throws IOException {
    long[] times = new long[EVENTS];
    for (int i = 0; i < EVENTS; i++) {
      long from = System.nanoTime();
      node.publish("good", Integer.toString(i));
      assertEquals(i, client.next("event").path("event").path("data").asInt());
      times[i] = System.nanoTime() - from;
    }
    Arrays.sort(times);
    return times[EVENTS * 99 / 100];
  }
}
