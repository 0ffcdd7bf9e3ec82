package io.edgepush.fallbacks;

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

  /** The one value of a parameter; empty when it is absent. */
  static String single(UriQuery query, String name) {
    List<String> values = all(query, name);
    if (values.size() > 1) {
      throw Problem.of(Problem.Code.INVALID_FIELD, name, name + " is given at most once")
          .exception();
    }
    return values.isEmpty() ? "" : values.getFirst();
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
