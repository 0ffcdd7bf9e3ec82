package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;
import java.util.Locale;
import java.util.Optional;

/** What a request's Content-Type makes of its body. */
enum MediaKind {
  /** {@code application/json} and every {@code +json} type (RFC 6839). */
  JSON,
  /** {@code text/*}. */
  TEXT,
  /** Anything else, and a body of no given type. */
  BINARY;

  private static final String FIELD = "Content-Type";

  /**
   * Reads the header.
   *
   * @throws ProblemException {@link Code#UNSUPPORTED_MEDIA_TYPE} when it is no media type, or names
   *     a charset other than UTF-8 for JSON or text
   */
  static MediaKind of(ServerRequest request) {
    Optional<String> header = request.headers().first(HeaderNames.CONTENT_TYPE);
    if (header.isEmpty()) {
      return BINARY;
    }
    // Nearly all requests say just this.
    return header.get().equals("application/json") ? JSON : of(header.get());
  }

  /** The media type without parameters, in lower case; empty when none is given. */
  static String name(ServerRequest request) {
    return request.headers().first(HeaderNames.CONTENT_TYPE).map(h -> name(parse(h))).orElse("");
  }

  private static String name(HttpMediaType type) {
    return (type.type() + "/" + type.subtype()).strip().toLowerCase(Locale.ROOT);
  }

  /** What a media type makes of what it describes; see {@link #of(ServerRequest)}. */
  static MediaKind of(String header) {
    HttpMediaType type = parse(header);
    String name = name(type);
    MediaKind kind =
        name.equals("application/json") || name.endsWith("+json")
            ? JSON
            : name.startsWith("text/") ? TEXT : BINARY;
    String charset =
        type.charset().orElse("utf-8").replace("\"", "").strip().toLowerCase(Locale.ROOT);
    if (kind != BINARY && !charset.equals("utf-8") && !charset.equals("us-ascii")) {
      throw unsupported("JSON and text are read as UTF-8 only");
    }
    return kind;
  }

  private static HttpMediaType parse(String header) {
    try {
      return HttpMediaType.create(header);
    } catch (IllegalArgumentException e) {
      throw unsupported("the header is not a media type");
    }
  }

  /** A refusal of the request for its media type. */
  static ProblemException unsupported(String detail) {
    return Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, FIELD, detail).exception();
  }
}
