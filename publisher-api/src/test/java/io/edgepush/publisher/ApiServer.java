package io.edgepush.publisher;

import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.backplane.Backplane;
import io.edgepush.hub.PublishQuota;
import io.edgepush.model.Problem;
import io.edgepush.model.Topic;
import io.edgepush.testing.Secrets;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The API on a free port of the loopback interface, over a real web server. */
final class ApiServer implements AutoCloseable {
  static final String KEY = "secret-of-everything";
  static final String READER_KEY = "secret-of-reader";
  static final long SUBSCRIBERS = 7;

  static {
    Secrets.note(KEY);
    Secrets.note(READER_KEY);
  }

  private final WebServer server;
  private final Keys keys = new Keys();

  ApiServer(Backplane backplane) {
    PublisherRoutes routes =
        new PublisherRoutes(
            backplane, keys, _ -> SUBSCRIBERS, PublishQuota.UNLIMITED, r -> r.remotePeer().host());
    WebServerConfig.Builder builder =
        WebServer.builder().host("127.0.0.1").port(0).shutdownHook(false);
    PublisherListener.configure(builder);
    server = builder.routing(routing -> routing.register(routes)).build().start();
  }

  int port() {
    return server.port();
  }

  /** What was presented, in order. */
  List<Credentials> presented() {
    return keys.presented;
  }

  @Override
  public void close() {
    server.stop();
  }

  /** One key may do everything but with topics that begin with private; another may read only. */
  private static final class Keys implements Authorizer {
    private final List<Credentials> presented = new CopyOnWriteArrayList<>();

    @Override
    public Principal authenticate(Credentials credentials) {
      presented.add(credentials);
      return switch (credentials.token()) {
        case KEY -> new Principal("everything", credentials.role());
        case READER_KEY -> new Principal("reader", credentials.role());
        case "fault" -> throw new IllegalStateException("the secret is in the drawer");
        default ->
            throw Problem.of(Problem.Code.UNAUTHENTICATED, "the key is not valid").exception();
      };
    }

    @Override
    public boolean permits(Principal who, Action action, Topic topic) {
      return !topic.name().startsWith("private")
          && (who.name().equals("everything") || action == Action.READ);
    }
  }
}
