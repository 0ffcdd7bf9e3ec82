package io.edgepush.fallbacks;

import io.edgepush.access.Credentials;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where a subscriber's token may be: docs/PROTOCOL.md, "Tokens". The first that is there counts,
 * and what comes behind it is not looked at.
 *
 * @param origins whose pages' cookies count
 * @param cookie the cookie's name; empty for none
 */
public record TokenSources(Origins origins, String cookie) {
  private static final String BEARER = "bearer ";

  /**
   * What a request presents.
   *
   * @throws io.edgepush.model.ProblemException when a parameter is not of its form
   */
  public Credentials of(UriQuery query, Headers headers, String peer) {
    return new Credentials(Credentials.Role.SUBSCRIBER, token(query, headers), peer);
  }

  private String token(UriQuery query, Headers headers) {
    String authorization = headers.value(HeaderNames.AUTHORIZATION).orElse("");
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    String parameter = SubscribeHttp.single(query, "access_token");
    if (!parameter.isEmpty() || cookie.isEmpty()) {
      return parameter;
    }
    return origins.trust(CrossOrigin.reader(headers)) ? inCookie(headers) : "";
  }

  /** The cookie's value, when there is one and no other of the same name. */
  private String inCookie(Headers headers) {
    if (!headers.contains(HeaderNames.COOKIE)) {
      return "";
    }
    Set<String> values = new LinkedHashSet<>();
    for (String line : headers.get(HeaderNames.COOKIE).allValues()) {
      for (String pair : line.split(";")) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(cookie)) {
          values.add(pair.substring(equals + 1).strip());
        }
      }
    }
    return values.size() == 1 ? values.iterator().next() : "";
  }
}
