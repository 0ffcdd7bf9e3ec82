package io.edgepush.service.input;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A request, and the problem that answers it.
 *
 * @param name what is wrong with it
 * @param request as it stands on the wire
 * @param status the HTTP status
 * @param code the problem's code
 * @param field the problem's field; empty when it has none
 */
record RefusedRequest(String name, byte[] request, int status, String code, String field) {

  void isWhat(HttpAnswer answer) {
    assertAll(
        name,
        () -> assertEquals(status, answer.status()),
        () -> assertEquals("application/problem+json", answer.header("content-type")),
        () -> assertEquals(status, answer.json().path("status").asInt()),
        () -> assertEquals(code, answer.json().path("code").asText(), answer.text()),
        () -> assertEquals("urn:edgepush:problem:" + code, answer.json().path("type").asText()),
        () -> assertEquals(field, answer.json().path("field").asText(), answer.text()));
  }

  @Override
  public String toString() {
    return name + ": " + status + " " + code + (field.isEmpty() ? "" : " at " + field);
  }
}
