package io.edgepush.publisher;

import io.edgepush.model.Problem;

/**
 * A path as it came over the wire. It is read here, and not by the web server, because a topic is
 * any printable text in one percent-encoded segment: decoding or normalising comes after the
 * segments are told apart.
 *
 * @param template the path of the contract that it fits
 * @param topicSegment the topic as it is encoded, empty where the path has none
 */
record RequestPath(String template, String topicSegment) {
  static final String EVENTS = "/v1/events";
  static final String TOPIC = "/v1/topics/{topic}";
  static final String HISTORY = "/v1/topics/{topic}/events";
  static final String REVOCATIONS = "/v1/revocations";
  static final String CONTRACT = "/openapi.yaml";
  static final String DOCS = "/docs";

  private static final String TOPICS = "/v1/topics/";

  /**
   * Finds out which path it is.
   *
   * @throws io.edgepush.model.ProblemException {@code NOT_FOUND}
   */
  static RequestPath parse(String rawPath) {
    if (rawPath.equals(EVENTS)
        || rawPath.equals(REVOCATIONS)
        || rawPath.equals(CONTRACT)
        || rawPath.equals(DOCS)) {
      return new RequestPath(rawPath, "");
    }
    if (!rawPath.startsWith(TOPICS)) {
      throw notFound("there is nothing here; /openapi.yaml tells what there is");
    }
    int end = rawPath.indexOf('/', TOPICS.length());
    if (end < 0) {
      return new RequestPath(TOPIC, rawPath.substring(TOPICS.length()));
    }
    if (!rawPath.startsWith("/events", end) || rawPath.length() != end + "/events".length()) {
      throw notFound("there is nothing here; a topic is one segment of the path: write / as %2F");
    }
    return new RequestPath(HISTORY, rawPath.substring(TOPICS.length(), end));
  }

  private static RuntimeException notFound(String detail) {
    return Problem.of(Problem.Code.NOT_FOUND, detail).exception();
  }
}
