package io.edgepush.publisher;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code /openapi.yaml}: the contract of this API. */
final class Contract {
  private static final Header YAML =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/yaml");

  private final Answer answer;

  /** Loads the document. */
  Contract() {
    try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException("openapi.yaml is missing from the class path");
      }
      answer = new Answer(Status.OK_200, in.readAllBytes(), List.of(YAML), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** GET: the document. */
  Answer read() {
    return answer;
  }
}
