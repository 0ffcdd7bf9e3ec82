package io.edgepush.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where a deployment listens, without TLS.
 *
 * @param host a name or an address
 * @param port the port
 * @param path what stands before {@code /subscribe} or {@code /v1/events}; empty mostly
 */
public record Endpoint(String host, int port, String path) {
  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it is not one of http or ws
   */
  public static Endpoint of(String url) {
    URI uri = URI.create(url);
    boolean plain = "http".equals(uri.getScheme()) || "ws".equals(uri.getScheme());
    if (!plain || uri.getHost() == null) {
      throw new IllegalArgumentException(
          url + ": http://host:port or ws://host:port is needed, TLS is not spoken");
    }
    String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("/+$", "");
    return new Endpoint(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort(), path);
  }

  /** Resolved now. */
  public InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  /** For the Host header. */
  public String authority() {
    return host + ":" + port;
  }
}
