package io.edgepush.bench.load;

import java.util.Optional;

/**
 * A deployment.
 *
 * @param subscribe where subscribers connect
 * @param publish where events are published
 * @param broadcast whether that is the bare broadcast server instead of the REST API
 * @param token what subscribers present; empty for none
 * @param key what publishers present; empty for none
 * @param server the server's process, when it runs here
 */
public record Target(
    Endpoint subscribe,
    Endpoint publish,
    boolean broadcast,
    String token,
    String key,
    Optional<ServerProcess> server) {

  /** A bare broadcast server on this machine. */
  public static Target baseline(int port, ServerProcess server) {
    Endpoint both = Endpoint.local(port);
    return new Target(both, both, true, "", "", Optional.of(server));
  }

  /** A node on this machine that is open to everybody. */
  public static Target node(int port, int privatePort, ServerProcess server) {
    return new Target(
        Endpoint.local(port), Endpoint.local(privatePort), false, "", "", Optional.of(server));
  }
}
