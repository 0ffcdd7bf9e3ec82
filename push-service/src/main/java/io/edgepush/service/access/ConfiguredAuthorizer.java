package io.edgepush.service.access;

import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Credentials.Role;
import io.edgepush.access.Principal;
import io.edgepush.model.Problem;
import io.edgepush.model.Topic;
import java.util.List;
import java.util.function.Predicate;

/**
 * What configuration permits: publishers present an API key; subscribers are anonymous, and get the
 * topics of the namespaces that are open to them.
 */
public final class ConfiguredAuthorizer implements Authorizer {
  private final List<PublisherKey> keys;
  private final Predicate<Topic> open;

  /**
   * An authorizer.
   *
   * @param open whether anybody may subscribe the topic
   */
  public ConfiguredAuthorizer(List<PublisherKey> keys, Predicate<Topic> open) {
    this.keys = List.copyOf(keys);
    this.open = open;
  }

  @Override
  public Principal authenticate(Credentials credentials) {
    if (credentials.role() == Role.SUBSCRIBER) {
      if (credentials.token().isEmpty()) {
        return new Principal("anonymous", Role.SUBSCRIBER);
      }
      throw Problem.of(Problem.Code.UNAUTHENTICATED, "the token is not valid").exception();
    }
    byte[] presented = PublisherKey.hash(credentials.token());
    PublisherKey found = null;
    for (PublisherKey key : keys) {
      if (key.is(presented)) {
        found = key; // and goes on, so that the time taken does not tell which one it was
      }
    }
    if (found == null) {
      throw Problem.of(Problem.Code.UNAUTHENTICATED, "a valid API key is required").exception();
    }
    return new Principal(found.name(), Role.PUBLISHER);
  }

  @Override
  public boolean permits(Principal who, Action action, Topic topic) {
    return switch (who.role()) {
      case PUBLISHER -> action != Action.SUBSCRIBE;
      case SUBSCRIBER -> action == Action.SUBSCRIBE && open.test(topic);
    };
  }
}
