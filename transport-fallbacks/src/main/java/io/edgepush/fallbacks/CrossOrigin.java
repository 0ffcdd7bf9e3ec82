package io.edgepush.fallbacks;

import io.edgepush.model.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Cross-origin resource sharing (Fetch standard §3.3) for the public port: says to browsers which
 * pages may read the answers. Pages of origins that are not permitted get answers without leave to
 * read them, and no leave to ask what needs one. Safe for any thread.
 *
 * @param origins whose pages may
 */
public record CrossOrigin(Origins origins) implements Filter {
  /** What a client has to be able to read of an answer besides what it may anyway. */
  private static final String EXPOSED =
      "Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate";

  private static final String METHODS = "GET, HEAD, POST";
  private static final String HEADERS = "Authorization, Content-Type, Last-Event-ID, Cache-Control";
  private static final String MAX_AGE = "7200";

  /** The client script is for every page. */
  private static final String SCRIPT = "/client";

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    UnaryOperator<String> header = reader(request.headers());
    String origin = header.apply("origin");
    if (origin.isEmpty() || request.path().path().startsWith(SCRIPT)) {
      chain.proceed();
      return;
    }
    headers(header).forEach((name, value) -> response.header(HeaderNames.create(name), value));
    boolean preflight =
        request.prologue().method().equals(Method.OPTIONS)
            && !header.apply("access-control-request-method").isEmpty();
    if (!preflight) {
      chain.proceed();
    } else if (origins.permit(header)) {
      response.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
      response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
      response.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
      response.status(Status.NO_CONTENT_204).send();
    } else {
      HttpProblems.send(
          response, Problem.of(Problem.Code.FORBIDDEN, "Origin", "this origin is not permitted"));
    }
  }

  /** The headers of an answer. */
  Map<String, String> headers(UnaryOperator<String> header) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (header.apply("origin").isEmpty()) {
      return headers;
    }
    headers.put("Vary", "Origin");
    if (origins.permit(header)) {
      boolean trusted = origins.trust(header);
      headers.put("Access-Control-Allow-Origin", trusted ? header.apply("origin") : "*");
      headers.put("Access-Control-Expose-Headers", EXPOSED);
      if (trusted) {
        headers.put("Access-Control-Allow-Credentials", "true");
      }
    }
    return headers;
  }

  /**
   * The same headers as lines of a head.
   *
   * @param header the value of a request header by its name in lower case; empty when absent
   */
  public String lines(UnaryOperator<String> header) {
    StringBuilder lines = new StringBuilder();
    headers(header)
        .forEach((name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
    return lines.toString();
  }

  /** The headers of a request by their names in lower case. */
  public static UnaryOperator<String> reader(Headers headers) {
    return name -> headers.value(HeaderNames.create(name)).orElse("");
  }
}
