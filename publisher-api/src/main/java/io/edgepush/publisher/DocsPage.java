package io.edgepush.publisher;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** {@code /docs}: Swagger UI, from the class path, on the contract. */
final class DocsPage {
  private static final String VIEWER = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final Header POLICY =
      HeaderValues.createCached(
          HeaderNames.create("Content-Security-Policy"),
          "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
              + "frame-ancestors 'none'; base-uri 'none'");
  private static final List<Header> CAREFUL =
      List.of(
          POLICY,
          HeaderValues.createCached(HeaderNames.create("X-Content-Type-Options"), "nosniff"),
          HeaderValues.createCached(HeaderNames.create("X-Frame-Options"), "DENY"),
          HeaderValues.createCached(HeaderNames.create("Referrer-Policy"), "no-referrer"),
          HeaderValues.createCached(
              HeaderNames.create("Cross-Origin-Opener-Policy"), "same-origin"));

  private DocsPage() {}

  /** The page. */
  static Answer page() {
    return file("/docs/index.html", "text/html");
  }

  /** The script that starts the viewer. */
  static Answer start() {
    return file("/docs/start.js", "text/javascript; charset=utf-8");
  }

  /** The viewer. */
  static Answer script() {
    return file(VIEWER + "swagger-ui-bundle.js", "text/javascript; charset=utf-8");
  }

  /** How it looks. */
  static Answer style() {
    return file(VIEWER + "swagger-ui.css", "text/css; charset=utf-8");
  }

  private static Answer file(String path, String type) {
    try (InputStream in = DocsPage.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is missing from the class path");
      }
      List<Header> headers = new ArrayList<>(CAREFUL);
      headers.add(HeaderValues.create(HeaderNames.CONTENT_TYPE, type));
      return new Answer(Status.OK_200, in.readAllBytes(), headers, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
