package io.edgepush.service.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * The browser client: at a short address that is asked for again before each use (ETag, RFC 9110
 * §8.8.3), and at one that has the version in it and is kept for ever (RFC 8246).
 */
final class ClientScripts {
  private static final List<String> NAMES =
      List.of("client.js", "client.iife.js", "client.share.js");
  private static final String TYPE = "text/javascript; charset=utf-8";
  private static final String FOREVER = "public, max-age=31536000, immutable";
  private static final HeaderName RESOURCE_POLICY =
      HeaderNames.create("Cross-Origin-Resource-Policy");

  private record Script(byte[] plain, byte[] gzip, String hash) {
    static Script of(byte[] content) {
      return new Script(content, compressed(content), sha256(content).substring(0, 16));
    }
  }

  private final Map<String, Script> scripts = new LinkedHashMap<>();
  private final String version;

  ClientScripts() {
    MessageDigest all = digest();
    for (String name : NAMES) {
      read(name)
          .ifPresent(
              content -> {
                scripts.put(name, Script.of(content));
                all.update(content);
              });
    }
    version = HexFormat.of().formatHex(all.digest()).substring(0, 12);
  }

  /** Where the scripts lie that never change: {@code /client/<version>/}. */
  String versionedPath() {
    return "/client/" + version + "/";
  }

  /** Answers a request for a script; false when the path is not one of a script. */
  boolean answered(ServerRequest request, ServerResponse response) {
    String path = request.path().path();
    boolean versioned = path.startsWith(versionedPath());
    Script script = scripts.get(path.substring(versioned ? versionedPath().length() : 1));
    if (script == null) {
      return false;
    }
    boolean gzip =
        request.headers().contains(HeaderNames.ACCEPT_ENCODING)
            && request.headers().get(HeaderNames.ACCEPT_ENCODING).values().contains("gzip");
    String tag = "\"" + script.hash() + (gzip ? "-gzip\"" : "\"");
    response.header(HeaderNames.CACHE_CONTROL, versioned ? FOREVER : "no-cache");
    response.header(HeaderNames.ETAG, tag);
    response.header(HeaderNames.VARY, "Accept-Encoding");
    response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*"); // pages of other origins use it
    response.header(RESOURCE_POLICY, "cross-origin");
    if (request.headers().contains(HeaderNames.IF_NONE_MATCH)
        && Arrays.asList(
                request.headers().get(HeaderNames.IF_NONE_MATCH).values().split("\\s*,\\s*"))
            .contains(tag)) {
      response.status(Status.NOT_MODIFIED_304).send();
      return true;
    }
    response.header(HeaderNames.CONTENT_TYPE, TYPE);
    if (gzip) {
      response.header(HeaderNames.CONTENT_ENCODING, "gzip");
    }
    Documents.send(request, response, gzip ? script.gzip() : script.plain());
    return true;
  }

  private static Optional<byte[]> read(String name) {
    try (InputStream in = ClientScripts.class.getResourceAsStream("/web/client/" + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the browser client", e);
    }
  }

  private static byte[] compressed(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compress in memory", e);
    }
    return bytes.toByteArray();
  }

  private static String sha256(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
