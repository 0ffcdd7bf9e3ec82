package io.edgepush.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a deployment listens.
 *
 * @param host a name or an address
 * @param port the port
 * @param path what stands before {@code /subscribe} or {@code /v1/events}; empty mostly
 * @param tls how TLS is spoken there; empty where it is not
 */
public record Endpoint(String host, int port, String path, Optional<ClientTls> tls) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** A server of this machine, without TLS. */
  public static Endpoint local(int port) {
    return new Endpoint("127.0.0.1", port, "", Optional.empty());
  }

  /**
   * Reads a URL.
   *
   * @param tls how TLS is spoken; asked where the URL needs it
   * @throws IllegalArgumentException when it is not one of http, https, ws or wss
   */
  public static Endpoint of(String url, Supplier<ClientTls> tls) {
    URI uri = URI.create(url);
    boolean plain = "http".equals(uri.getScheme()) || "ws".equals(uri.getScheme());
    boolean encrypted = "https".equals(uri.getScheme()) || "wss".equals(uri.getScheme());
    if (!plain && !encrypted || uri.getHost() == null) {
      throw new IllegalArgumentException(
          url + ": http://host:port, https://, ws:// or wss:// is needed");
    }
    int port = uri.getPort() < 0 ? plain ? HTTP : HTTPS : uri.getPort();
    String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("/+$", "");
    return new Endpoint(
        uri.getHost(), port, path, plain ? Optional.empty() : Optional.of(tls.get()));
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
