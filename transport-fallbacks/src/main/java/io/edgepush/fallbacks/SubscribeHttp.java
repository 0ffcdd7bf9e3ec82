package io.edgepush.fallbacks;

import io.edgepush.access.Credentials;
import io.edgepush.hub.SubscribeRequest;
import io.edgepush.model.Problem;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.function.Function;

/** Reads a request for {@code /subscribe} off HTTP, the same for every transport. */
public final class SubscribeHttp {
  /** The one URL. */
  public static final String PATH = "/subscribe";

  private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
  private static final String BEARER = "bearer ";

  private SubscribeHttp() {}

  /**
   * The request's topics and where to begin.
   *
   * @throws io.edgepush.model.ProblemException names the parameter at fault
   */
  public static SubscribeRequest request(UriQuery query, Headers headers, boolean topicsRequired) {
    return SubscribeRequest.of(
        name -> all(query, name), headers.value(LAST_EVENT_ID).orElse(""), topicsRequired);
  }

  /** What the client presents: the Authorization header beats the query parameter. */
  public static Credentials credentials(UriQuery query, Headers headers, String peer) {
    String authorization = headers.value(HeaderNames.AUTHORIZATION).orElse("");
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return new Credentials(
          Credentials.Role.SUBSCRIBER, authorization.substring(BEARER.length()).strip(), peer);
    }
    List<String> token = all(query, "access_token");
    return new Credentials(
        Credentials.Role.SUBSCRIBER, token.isEmpty() ? "" : token.getFirst(), peer);
  }

  /**
   * The value of a header by its name, several lines joined by commas (RFC 9110 §5.3); an empty
   * string when there is none.
   */
  public static Function<String, String> lookup(Headers headers) {
    return name -> {
      HeaderName header = HeaderNames.create(name);
      return headers.contains(header) ? String.join(",", headers.get(header).allValues()) : "";
    };
  }

  private static List<String> all(UriQuery query, String name) {
    try {
      return query.contains(name) ? query.all(name) : List.of();
    } catch (IllegalArgumentException e) {
      throw Problem.of(Problem.Code.INVALID_FIELD, name, name + " is not percent-encoded UTF-8")
          .exception();
    }
  }
}
