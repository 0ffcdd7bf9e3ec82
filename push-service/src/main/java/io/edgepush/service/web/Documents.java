package io.edgepush.service.web;

import io.edgepush.fallbacks.HttpProblems;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * Answers GET and HEAD (RFC 9110 §9.3) with bytes that are at hand, and refuses every other method.
 */
final class Documents {
  private static final HeaderName CONTENT_TYPE_OPTIONS =
      HeaderNames.create("X-Content-Type-Options");

  private Documents() {}

  /**
   * Sends a document whose type is set already. Unless something else is set, it may be kept, but
   * is asked for again before it is used.
   */
  static void send(ServerRequest request, ServerResponse response, byte[] document) {
    Method method = request.prologue().method();
    if (!method.equals(Method.GET) && !method.equals(Method.HEAD)) {
      HttpProblems.methodNotAllowed(response, "GET, HEAD");
      return;
    }
    if (!response.headers().contains(HeaderNames.CACHE_CONTROL)) {
      response.header(HeaderNames.CACHE_CONTROL, "no-cache");
    }
    response.header(CONTENT_TYPE_OPTIONS, "nosniff");
    if (method.equals(Method.HEAD)) {
      response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(document.length));
      response.send();
    } else {
      response.send(document);
    }
  }
}
