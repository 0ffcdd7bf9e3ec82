package io.edgepush.publisher;

import io.edgepush.access.Principal;
import io.edgepush.model.Topic;
import io.helidon.webserver.http.ServerRequest;

/**
 * One request to the API.
 *
 * @param request its headers and body
 * @param path what it is about
 * @param caller who makes it
 * @param peer the caller's address
 */
record Call(ServerRequest request, RequestPath path, Principal caller, String peer) {

  /** The topic in the path. */
  Topic topic() {
    return new Topic(PercentEncoding.decodeAscii(path.topicSegment(), "topic"));
  }

  /** The query's parameters. */
  Query query(String... known) {
    return Query.parse(request.prologue().query().rawValue(), known);
  }

  /** The whole body. */
  byte[] body() {
    return RequestBody.read(request);
  }
}
