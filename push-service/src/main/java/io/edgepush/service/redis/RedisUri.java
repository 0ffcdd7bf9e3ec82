package io.edgepush.service.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;

/**
 * A Redis URI that was read, in the forms that Lettuce takes. What is shown of one never holds a
 * password.
 *
 * @param kind what stands at the hosts
 * @param tls whether data goes over TLS
 * @param hosts a server; sentinels; nodes of a cluster
 * @param login who logs in to servers
 * @param database the number of the database
 * @param master the name under which sentinels know the master; empty elsewhere
 * @param sentinel who logs in to sentinels
 * @param sentinelTls whether sentinels are asked over TLS
 */
record RedisUri(
    Kind kind,
    boolean tls,
    List<HostAndPort> hosts,
    Login login,
    int database,
    String master,
    Login sentinel,
    boolean sentinelTls) {
  private static final int SERVER_PORT = 6379;
  private static final int SENTINEL_PORT = 26379;

  /** What stands at the hosts. */
  enum Kind {
    SERVER("redis", SERVER_PORT),
    SENTINEL("redis-sentinel", SENTINEL_PORT),
    CLUSTER("redis-cluster", SERVER_PORT);

    private final String scheme;
    private final int port;

    Kind(String scheme, int port) {
      this.scheme = scheme;
      this.port = port;
    }
  }

  /** Who logs in; empty texts for nobody. */
  record Login(String user, String password) {
    static final Login NOBODY = new Login("", "");

    @Override
    public String toString() {
      return "***";
    }
  }

  RedisUri {
    hosts = List.copyOf(hosts);
  }

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException that says what is wrong, without the URI: it may hold a
   *     password
   */
  static RedisUri of(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.startsWith("rediss");
    Kind kind = kind(tls ? "redis" + scheme.substring(6) : scheme);
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int at = authority.lastIndexOf('@');
    List<HostAndPort> hosts = hosts(authority.substring(at + 1), kind);
    Parameters parameters = Parameters.of(uri, kind, tls);
    return new RedisUri(
        kind,
        tls,
        hosts,
        at < 0 ? Login.NOBODY : login(authority.substring(0, at)),
        database(uri, kind),
        master(uri, kind),
        parameters.login(),
        parameters.tls());
  }

  private static Kind kind(String scheme) {
    for (Kind kind : Kind.values()) {
      if (kind.scheme.equals(scheme)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "a Redis URI begins with redis://, redis-sentinel:// or redis-cluster://, or with rediss"
            + " in place of redis for TLS");
  }

  private static List<HostAndPort> hosts(String text, Kind kind) {
    List<HostAndPort> hosts = new ArrayList<>();
    for (String host : text.split(",", -1)) {
      hosts.add(host(host, kind.port));
    }
    if (kind == Kind.SERVER && hosts.size() > 1) {
      throw new IllegalArgumentException(
          "several hosts are for redis-sentinel:// and redis-cluster:// URIs");
    }
    return hosts;
  }

  private static HostAndPort host(String text, int port) {
    int colon = text.lastIndexOf(':');
    boolean bare = colon < 0 || text.endsWith("]");
    String name = bare ? text : text.substring(0, colon);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a Redis URI names a host");
    }
    String digits = bare ? "" : text.substring(colon + 1);
    if (!digits.matches("\\d{0,5}")) {
      throw new IllegalArgumentException("the port in a Redis URI is a number");
    }
    return new HostAndPort(name, digits.isEmpty() ? port : Integer.parseInt(digits));
  }

  private static Login login(String userInfo) {
    int colon = userInfo.indexOf(':');
    return new Login(
        colon < 0 ? "" : decoded(userInfo.substring(0, colon)),
        decoded(userInfo.substring(colon + 1)));
  }

  private static int database(URI uri, Kind kind) {
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (path.isEmpty() || path.equals("/")) {
      return 0;
    }
    if (!path.matches("/\\d{1,5}")) {
      throw new IllegalArgumentException("the path of a Redis URI is the number of a database");
    }
    int database = Integer.parseInt(path.substring(1));
    if (kind == Kind.CLUSTER && database != 0) {
      throw new IllegalArgumentException("Redis Cluster has the database 0 only");
    }
    return database;
  }

  private static String master(URI uri, Kind kind) {
    String name = uri.getFragment() == null ? "" : uri.getFragment();
    if (kind == Kind.SENTINEL && !name.matches("[A-Za-z0-9._-]{1,200}")) {
      throw new IllegalArgumentException(
          "a redis-sentinel:// URI ends with # and the name of the master");
    }
    if (kind != Kind.SENTINEL && !name.isEmpty()) {
      throw new IllegalArgumentException("only a redis-sentinel:// URI names a master behind #");
    }
    return name;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** What stands behind the question mark. */
  private record Parameters(Login login, boolean tls) {
    static Parameters of(URI uri, Kind kind, boolean tls) {
      String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
      String user = "";
      String password = "";
      boolean encrypted = tls;
      for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
        int equals = Math.max(0, part.indexOf('='));
        String value = decoded(part.substring(equals + 1));
        switch (kind == Kind.SENTINEL ? part.substring(0, equals) : "") {
          case "sentinel-user" -> user = value;
          case "sentinel-password" -> password = value;
          case "sentinel-tls" -> encrypted = flag(value);
          default ->
              throw new IllegalArgumentException(
                  "a Redis URI has no parameters but sentinel-user, sentinel-password and"
                      + " sentinel-tls, of redis-sentinel://");
        }
      }
      return new Parameters(new Login(user, password), encrypted);
    }

    private static boolean flag(String value) {
      if (!value.equals("true") && !value.equals("false")) {
        throw new IllegalArgumentException("sentinel-tls is true or false");
      }
      return value.equals("true");
    }
  }

  @Override
  public String toString() {
    return (tls ? kind.scheme.replace("redis", "rediss") : kind.scheme)
        + "://"
        + (login.equals(Login.NOBODY) ? "" : "***@")
        + hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(","))
        + (database == 0 ? "" : "/" + database)
        + (master.isEmpty() ? "" : "#" + master);
  }
}
