package io.edgepush.service.faults;

import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Large events. */
final class Bulk {
  private static final int EVENT_BYTES = 60_000;
  private static final int EVENTS = 20;

  private Bulk() {}

  /** Publishes a good megabyte to a topic. */
  static void publish(int privatePort, String topic) {
    try {
      for (int i = 0; i < EVENTS; i++) {
        byte[] request =
            HttpText.withBody(
                "POST /v1/topics/" + topic,
                new byte[EVENT_BYTES],
                "Content-Type: application/octet-stream");
        int status = LiveNode.exchange(privatePort, request).status();
        if (status != 200) {
          throw new AssertionError("answered " + status);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
