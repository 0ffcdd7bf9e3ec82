package io.edgepush.hub;

import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import io.edgepush.wire.ClientMessage;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.ServerMessage.Refused;
import java.util.ArrayList;
import java.util.List;

/** Carries out what a client asks for. May block: for the virtual thread of one connection. */
public final class ClientCommands {
  private final Hub hub;
  private final Backplane backplane;
  private final Authorizer authorizer;
  private final PublishQuota quota;

  /**
   * Commands on a hub.
   *
   * @param quota how much a client may publish
   */
  public ClientCommands(Hub hub, Backplane backplane, Authorizer authorizer, PublishQuota quota) {
    this.quota = quota;
    this.hub = hub;
    this.backplane = backplane;
    this.authorizer = authorizer;
  }

  /**
   * Carries out a message; the session is told the outcome, refusals included.
   *
   * @throws ProblemException when the message can not be carried out as a whole
   */
  public void execute(Session session, ClientMessage message) {
    switch (message) {
      case ClientMessage.Subscribe m -> subscribe(session, m);
      case ClientMessage.Unsubscribe m -> hub.unsubscribe(session, m.topics(), m.ref());
      case ClientMessage.Publish m -> publish(session, m);
      case ClientMessage.Auth m -> {
        authenticate(
            session, new Credentials(Credentials.Role.SUBSCRIBER, m.token(), session.peer()));
        session.send(new ServerMessage.Ack(m.ref()));
      }
      case ClientMessage.Ping m -> session.send(new ServerMessage.Ack(m.ref()));
    }
  }

  /**
   * Checks credentials without taking them for a session.
   *
   * @throws ProblemException {@code UNAUTHENTICATED} when they are not valid
   */
  public void verify(Credentials credentials) {
    authorizer.authenticate(credentials);
  }

  /**
   * Takes the token that a session presents from now on. Topics that it does not permit are
   * unsubscribed, and the session is told.
   *
   * @return who the session is now
   * @throws ProblemException {@code UNAUTHENTICATED} when the token is not valid, {@code FORBIDDEN}
   *     when it is somebody else's; the session stays as it was
   */
  public Principal authenticate(Session session, Credentials credentials) {
    Principal before = session.principal();
    Principal who = authorizer.authenticate(credentials);
    if (!before.isAnonymous() && !before.name().equals(who.name())) {
      throw Problem.of(Code.FORBIDDEN, "token", "the token has another subject than the session's")
          .exception();
    }
    session.become(who);
    hub.pace(session);
    List<Topic> lost =
        session.topics().stream()
            .filter(topic -> !authorizer.permits(who, Action.SUBSCRIBE, topic))
            .toList();
    if (!lost.isEmpty()) {
      Problem problem = Problem.of(Code.FORBIDDEN, "the token does not permit this topic");
      lost.forEach(t -> session.send(new Refused(ServerMessage.NO_REF, problem, t.name())));
      hub.withdraw(session, lost, Code.FORBIDDEN);
    }
    return who;
  }

  /**
   * Checks that all topics of a request may be subscribed.
   *
   * @throws ProblemException {@code FORBIDDEN} that names the first that may not, or {@code
   *     UNAUTHENTICATED} when it takes a token to find out
   */
  public void requireSubscribe(Principal who, List<Topic> topics) {
    for (Topic topic : topics) {
      if (!authorizer.permits(who, Action.SUBSCRIBE, topic)) {
        throw who.isUndeclared()
            ? Problem.of(Code.UNAUTHENTICATED, "a token is required").exception()
            : Problem.of(
                    Code.FORBIDDEN, "topic", "subscribing to topic " + topic + " is not permitted")
                .exception();
      }
    }
  }

  private void subscribe(Session session, ClientMessage.Subscribe m) {
    List<Topic> permitted = new ArrayList<>();
    for (Topic topic : m.topics()) {
      if (authorizer.permits(session.principal(), Action.SUBSCRIBE, topic)) {
        permitted.add(topic);
      } else {
        Problem problem = Problem.of(Code.FORBIDDEN, "subscribing to this topic is not permitted");
        session.send(new Refused(m.ref(), problem, topic.name()));
      }
    }
    if (!permitted.isEmpty()) {
      hub.subscribe(session, permitted, m.start(), m.ref(), false);
    }
  }

  private void publish(Session session, ClientMessage.Publish m) {
    Topic topic = m.publication().topic();
    if (!authorizer.permits(session.principal(), Action.PUBLISH, topic)) {
      Problem problem = Problem.of(Code.FORBIDDEN, "publishing to this topic is not permitted");
      session.send(new Refused(m.ref(), problem, topic.name()));
      return;
    }
    quota.take(session.principal(), session.peer(), 1);
    backplane
        .publish(List.of(m.publication()))
        .getFirst()
        .whenComplete((published, failure) -> session.send(outcome(m.ref(), published, failure)));
  }

  private static ServerMessage outcome(long ref, Published published, Throwable failure) {
    if (failure == null) {
      return new ServerMessage.PublishAck(ref, published.id(), published.duplicate());
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    long retryAfterMs =
        failure instanceof BackplaneException b
            ? b.retryAfterMs()
            : cause instanceof BackplaneException b ? b.retryAfterMs() : 1_000;
    Problem problem =
        Problem.retryable(
            Code.UNAVAILABLE,
            "the event store does not answer; a repeat with the same id is safe",
            Math.max(1, retryAfterMs));
    return new Refused(ref, problem, "");
  }
}
