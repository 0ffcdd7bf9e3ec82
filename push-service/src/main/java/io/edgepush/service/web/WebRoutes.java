package io.edgepush.service.web;

import io.edgepush.fallbacks.HttpProblems;
import io.edgepush.model.Problem;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The demo page, the playground and the client script, from the class path. */
public final class WebRoutes implements HttpService {
  private static final Pattern FILE = Pattern.compile("/[a-z0-9-]+\\.[a-z]+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html",
          "text/html; charset=utf-8",
          "js",
          "text/javascript; charset=utf-8",
          "css",
          "text/css; charset=utf-8",
          "svg",
          "image/svg+xml");

  private static final HeaderName POLICY_HEADER = HeaderNames.create("Content-Security-Policy");
  private static final String POLICY =
      "default-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'";

  /** A page's URL may hold a token, which is nobody else's business. */
  private static final Map<String, String> PAGE_HEADERS =
      Map.of(
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin");

  private final ClientScripts client = new ClientScripts();

  @Override
  public void routing(HttpRules rules) {
    rules
        .any("/", (request, response) -> send(request, response, "/index.html"))
        .any("/playground", (request, response) -> send(request, response, "/playground.html"))
        .any("/*", this::file)
        .any("/client/*/*", this::file);
  }

  private void file(ServerRequest request, ServerResponse response) {
    if (!client.answered(request, response)) {
      send(request, response, request.path().path());
    }
  }

  private static void send(ServerRequest request, ServerResponse response, String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1);
    boolean known = TYPES.containsKey(extension) && FILE.matcher(path).matches();
    Optional<byte[]> content = known ? read(path) : Optional.empty();
    if (content.isEmpty()) {
      HttpProblems.send(
          response, Problem.of(Problem.Code.NOT_FOUND, "there is nothing at this path"));
      return;
    }
    send(request, response, extension, content.get());
  }

  private static void send(
      ServerRequest request, ServerResponse response, String extension, byte[] content) {
    response.header(HeaderNames.CONTENT_TYPE, TYPES.get(extension));
    response.header(POLICY_HEADER, POLICY);
    PAGE_HEADERS.forEach((name, value) -> response.header(HeaderNames.create(name), value));
    Documents.send(request, response, content);
  }

  private static Optional<byte[]> read(String path) {
    try (InputStream in = WebRoutes.class.getResourceAsStream("/web" + path)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
