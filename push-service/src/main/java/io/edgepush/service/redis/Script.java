package io.edgepush.service.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The scripts that run in Redis. Each begins with {@code #!lua}, so that a server that is out of
 * memory or read-only refuses it before anything ran; those that read may run when memory is short.
 */
enum Script {
  PUBLISH("", "publish.lua"),
  ATTACH("#!lua flags=allow-oom\n", "common.lua", "attach.lua"),
  READ("#!lua flags=allow-oom\n", "common.lua", "read.lua"),
  STATE("#!lua flags=allow-oom\n", "common.lua", "state.lua"),
  REVOKE("#!lua\n", "revoke.lua"),
  REVOCATIONS("#!lua flags=allow-oom\n", "revocations.lua"),
  RATE("", "rate.lua"),
  CLAIM("", "claim.lua");

  private final byte[] source;
  private final byte[] sha;

  Script(String head, String... files) {
    StringBuilder text = new StringBuilder(head);
    for (String file : files) {
      text.append(resource(file));
    }
    source = Keys.bytes(text.toString());
    sha = Keys.bytes(HexFormat.of().formatHex(sha1(source)));
  }

  /** What SCRIPT LOAD takes. */
  byte[] source() {
    return source;
  }

  /** Whether its last argument is the server that runs it, which only the connection knows. */
  boolean signed() {
    return this == PUBLISH || this == ATTACH || this == CLAIM;
  }

  /** Whether what it does must reach subscribers, so that only the partition's home may run it. */
  boolean fansOut() {
    return this == PUBLISH || this == ATTACH || this == REVOKE;
  }

  /** What EVALSHA takes. */
  byte[] sha() {
    return sha;
  }

  private static String resource(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
