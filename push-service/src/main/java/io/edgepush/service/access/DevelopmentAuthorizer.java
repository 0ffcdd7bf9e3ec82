package io.edgepush.service.access;

import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.model.Topic;

/** Everybody may do everything. For development mode, which binds to loopback only. */
public final class DevelopmentAuthorizer implements Authorizer {
  @Override
  public Principal authenticate(Credentials credentials) {
    return new Principal("anonymous", credentials.role());
  }

  @Override
  public boolean permits(Principal who, Action action, Topic topic) {
    return true;
  }
}
