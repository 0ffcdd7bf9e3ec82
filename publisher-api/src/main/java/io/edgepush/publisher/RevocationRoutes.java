package io.edgepush.publisher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.edgepush.backplane.Backplane;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Revocation;
import io.edgepush.model.Revocation.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code /v1/revocations}: withdraws tokens before their time is over. */
final class RevocationRoutes {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();
  private static final long LAST_SECOND = 253_402_300_799L;

  private final Backplane backplane;
  private final Access access;

  RevocationRoutes(Backplane backplane, Access access) {
    this.backplane = backplane;
    this.access = access;
  }

  /** POST: revokes one token, or those of a subject. */
  Answer revoke(Call call) {
    call.query();
    long untilMs = access.revocationEndMs(call);
    if (MediaKind.of(call.request()) != MediaKind.JSON) {
      throw MediaKind.unsupported("a revocation is sent as application/json");
    }
    Waiting.on(backplane.revoke(read(call.body(), untilMs)));
    String answer = "{\"until\":" + untilMs / 1_000 + "}";
    return Answer.fresh(answer.getBytes(StandardCharsets.US_ASCII));
  }

  private static Revocation read(byte[] body, long untilMs) {
    String token = "";
    String subject = "";
    long issuedBefore = -1;
    try (JsonParser in = JSON.createParser(body)) {
      require(in.nextToken() == JsonToken.START_OBJECT);
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        switch (name) {
          case "jti" -> token = name(in, "jti");
          case "sub" -> subject = name(in, "sub");
          case "issuedBefore" -> issuedBefore = second(in);
          default ->
              throw Problem.of(Code.UNKNOWN_FIELD, "only jti, sub and issuedBefore are known")
                  .exception();
        }
      }
      require(in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null);
    } catch (IOException _) {
      require(false);
    }
    if (token.isEmpty() == subject.isEmpty() || !token.isEmpty() && issuedBefore >= 0) {
      throw Problem.of(
              Code.INVALID_FIELD, "either jti, or sub with or without issuedBefore, is needed")
          .exception();
    }
    return token.isEmpty()
        ? new Revocation(
            Kind.SUBJECT,
            subject,
            issuedBefore < 0 ? Long.MAX_VALUE : issuedBefore * 1_000,
            untilMs)
        : new Revocation(Kind.TOKEN, token, Long.MAX_VALUE, untilMs);
  }

  private static String name(JsonParser in, String field) throws IOException {
    String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
    if (text.isEmpty() || text.length() > Revocation.MAX_NAME) {
      throw wrong(field, field + " is text of 1 to " + Revocation.MAX_NAME + " characters");
    }
    return text;
  }

  private static long second(JsonParser in) throws IOException {
    boolean integer =
        in.currentToken() == JsonToken.VALUE_NUMBER_INT
            && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!integer || in.getLongValue() < 0 || in.getLongValue() > LAST_SECOND) {
      throw wrong("issuedBefore", "issuedBefore is in whole seconds since 1970");
    }
    return in.getLongValue();
  }

  private static ProblemException wrong(String field, String detail) {
    return Problem.of(Code.INVALID_FIELD, field, detail).exception();
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw Problem.of(Code.MALFORMED, "a revocation is a JSON object").exception();
    }
  }
}
