package io.edgepush.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.fallbacks.HttpProblems;
import io.edgepush.fallbacks.TokenSources;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.hub.Session;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * {@code POST /auth}: another token for a session that can not send one itself, an event stream.
 *
 * @param hub has the sessions
 * @param commands takes the token
 * @param tokens where the token may be besides the body
 */
record AuthRoute(Hub hub, ClientCommands commands, TokenSources tokens) implements Handler {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private record Body(String session, String token) {}

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    if (!request.prologue().method().equals(Method.POST)) {
      HttpProblems.methodNotAllowed(response, "POST");
      return;
    }
    try {
      Body body =
          read(request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0]);
      Credentials presented = credentials(request, body);
      if (presented.token().isEmpty()) {
        throw Problem.of(Code.UNAUTHENTICATED, "a token is required").exception();
      }
      Session session = hub.session(body.session()).orElseThrow(() -> unknown(presented));
      Principal who = commands.authenticate(session, presented);
      answer(response, session, who);
    } catch (ProblemException e) {
      HttpProblems.send(response, e.problem());
    }
  }

  /** Nobody without a token learns which sessions there are. */
  private ProblemException unknown(Credentials presented) {
    commands.verify(presented);
    return Problem.of(
            Code.NOT_FOUND,
            "session",
            "this node has no such session; connect again with the new token")
        .exception();
  }

  private Credentials credentials(ServerRequest request, Body body) {
    String peer = request.remotePeer().host();
    Credentials elsewhere = tokens.of(request.query(), request.headers(), peer);
    return elsewhere.token().isEmpty()
        ? new Credentials(Credentials.Role.SUBSCRIBER, body.token(), peer)
        : elsewhere;
  }

  private static void answer(ServerResponse response, Session session, Principal who) {
    Instant end = who.term().expiresAt();
    String expires =
        end.equals(Instant.MAX)
            ? ""
            : ",\"expiresInMs\":" + Math.max(0, Duration.between(Instant.now(), end).toMillis());
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.send(
        ("{\"session\":\"" + session.id() + "\"" + expires + "}")
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static Body read(byte[] bytes) {
    String session = "";
    String token = "";
    try (JsonParser in = JSON.createParser(bytes)) {
      require(in.nextToken() == JsonToken.START_OBJECT);
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        require(in.nextToken() == JsonToken.VALUE_STRING);
        switch (name) {
          case "session" -> session = in.getText();
          case "token" -> token = in.getText();
          default ->
              throw Problem.of(Code.UNKNOWN_FIELD, "only session and token are known").exception();
        }
      }
      require(in.nextToken() == null);
    } catch (IOException _) {
      require(false);
    }
    if (session.isEmpty()) {
      throw Problem.of(Code.INVALID_FIELD, "session", "session is missing").exception();
    }
    return new Body(session, token);
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw Problem.of(Code.MALFORMED, "the body is {\"session\":\"…\",\"token\":\"…\"}")
          .exception();
    }
  }
}
