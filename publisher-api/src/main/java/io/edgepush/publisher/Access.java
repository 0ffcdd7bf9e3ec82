package io.edgepush.publisher;

import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;

/** Finds out who calls, and refuses what the caller may not do. */
final class Access {
  private static final HeaderName API_KEY = HeaderNames.create("X-API-Key");
  private static final String SCHEME = "Bearer ";

  /** Revoking is of no topic. */
  private static final Topic EVERYTHING = new Topic("-");

  private final Authorizer authorizer;

  Access(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /**
   * Finds out who calls. May block.
   *
   * @throws ProblemException {@link Code#UNAUTHENTICATED}
   */
  Principal caller(ServerRequest request, String peer) {
    return authorizer.authenticate(
        new Credentials(Credentials.Role.PUBLISHER, token(request), peer));
  }

  /** Why the caller may not do this; empty when it may. Whoever asks calls {@link #forbidden}. */
  Optional<Problem> refusal(Principal caller, Action action, Topic topic) {
    if (authorizer.permits(caller, action, topic)) {
      return Optional.empty();
    }
    String what =
        switch (action) {
          case PUBLISH -> "publishing to";
          case READ -> "reading";
          case PURGE, REVOKE -> "purging";
          case SUBSCRIBE, PRESENCE -> "subscribing";
        };
    return Optional.of(Problem.of(Code.FORBIDDEN, "topic", what + " this topic is not permitted"));
  }

  /**
   * When revocations by this caller may be forgotten, in milliseconds since 1970.
   *
   * @throws ProblemException {@link Code#FORBIDDEN} when it may not revoke
   */
  long revocationEndMs(Call call) {
    if (!authorizer.permits(call.caller(), Action.REVOKE, EVERYTHING)) {
      forbidden(call);
      throw Problem.of(Code.FORBIDDEN, "revoking tokens is not permitted").exception();
    }
    return System.currentTimeMillis() + authorizer.tokenLifetime().toMillis();
  }

  /**
   * Refuses what the caller may not do.
   *
   * @throws ProblemException {@link Code#FORBIDDEN}
   */
  void require(Call call, Action action, Topic topic) {
    Optional<Problem> refusal = refusal(call.caller(), action, topic);
    if (refusal.isPresent()) {
      forbidden(call);
      throw refusal.get().exception();
    }
  }

  /** Takes note of a request that asks for something that is not permitted: once for each. */
  void forbidden(Call call) {
    authorizer.forbidden(call.caller(), call.peer());
  }

  private static String token(ServerRequest request) {
    Optional<String> authorization = request.headers().first(HeaderNames.AUTHORIZATION);
    if (authorization.isEmpty()) {
      return request.headers().first(API_KEY).orElse("").strip();
    }
    String value = authorization.get();
    if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || value.length() == SCHEME.length()) {
      throw Problem.of(
              Code.UNAUTHENTICATED, "Authorization", "the header is Bearer and a key or token")
          .exception();
    }
    return value.substring(SCHEME.length()).strip();
  }
}
