package io.edgepush.service.access;

import io.edgepush.model.TopicPattern;
import java.util.List;
import java.util.Map;

/**
 * A token that was read and not verified.
 *
 * @param algorithm of its header
 * @param keyId {@code kid} of its header; empty without one
 * @param claims what it says
 */
record Token(Algorithm algorithm, String keyId, Claims claims) {
  /**
   * What a token says.
   *
   * @param subject {@code sub}
   * @param id {@code jti}; empty without one
   * @param issuedAt {@code iat} in milliseconds; negative without one
   * @param expiresAt {@code exp} in milliseconds
   * @param subscribe topics to receive
   * @param publish topics to add to
   * @param presence topics whose subscribers may be seen
   * @param limits by their names
   */
  record Claims(
      String subject,
      String id,
      long issuedAt,
      long expiresAt,
      List<TopicPattern> subscribe,
      List<TopicPattern> publish,
      List<TopicPattern> presence,
      Map<String, Long> limits) {}

  @Override
  public String toString() {
    return "Token[***]";
  }
}
