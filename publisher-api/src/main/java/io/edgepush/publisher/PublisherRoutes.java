package io.edgepush.publisher;

import io.edgepush.access.Authorizer;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.hub.PublishQuota;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The publisher API as {@code openapi.yaml} of this module describes it: {@code /v1/…} and {@code
 * /openapi.yaml}.
 *
 * <p>Safe for any thread. A request is handled on its own virtual thread, which waits for the
 * backplane; everything that can be wrong with it is answered as {@code application/problem+json}.
 * What the web server refuses before it asks the routes is {@link PublisherListener}'s.
 */
public final class PublisherRoutes implements HttpService {
  private static final System.Logger LOG = System.getLogger(PublisherRoutes.class.getName());

  private final Access access;
  private final Function<ServerRequest, String> addresses;
  private final Contract contract = new Contract();
  private final Map<String, Map<String, Operation>> operations;

  /**
   * Creates the routes.
   *
   * @param backplane where events go and come from; it is started and closed by others
   * @param authorizer says who calls, in the role of a publisher, and what they may do
   * @param localSubscribers counts the subscribers that a topic has on this node; must not block
   * @param quota how many events a caller may publish
   * @param addresses the address that a request comes from, which a proxy may name
   */
  public PublisherRoutes(
      Backplane backplane,
      Authorizer authorizer,
      ToLongFunction<Topic> localSubscribers,
      PublishQuota quota,
      Function<ServerRequest, String> addresses) {
    this.addresses = addresses;
    access = new Access(authorizer);
    Publishing publishing = new Publishing(backplane, access, quota);
    TopicRoutes topics = new TopicRoutes(backplane, access, publishing, localSubscribers);
    HistoryRoutes history = new HistoryRoutes(backplane, access);
    operations =
        Map.of(
            RequestPath.EVENTS, Map.of("POST", new EventRoutes(publishing)::publish),
            RequestPath.TOPIC, Map.of("GET", topics::state, "POST", topics::publish),
            RequestPath.HISTORY, Map.of("GET", history::read, "DELETE", topics::purge),
            RequestPath.REVOCATIONS,
                Map.of("POST", new RevocationRoutes(backplane, access)::revoke),
            RequestPath.CONTRACT, Map.of("GET", _ -> contract.read()),
            RequestPath.DOCS, Map.of("GET", _ -> DocsPage.page()));
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .any("/v1/*", this::handle)
        .any(RequestPath.CONTRACT, this::handle)
        .any(RequestPath.DOCS, this::handle)
        .get("/docs/start.js", (_, response) -> DocsPage.start().send(response, false))
        .get("/docs/swagger-ui-bundle.js", (_, response) -> DocsPage.script().send(response, false))
        .get("/docs/swagger-ui.css", (_, response) -> DocsPage.style().send(response, false));
  }

  /** The methods of each path of the contract, HEAD aside. */
  Map<String, Set<String>> methods() {
    Map<String, Set<String>> methods = new TreeMap<>();
    operations.forEach((path, handlers) -> methods.put(path, handlers.keySet()));
    return methods;
  }

  private void handle(ServerRequest request, ServerResponse response) {
    String method = request.prologue().method().text();
    Answer answer = answer(request, method);
    answer.send(response, method.equals("HEAD"));
    if (answer.last()) {
      throw new CloseConnectionException("the rest of the connection cannot be read");
    }
    if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      closeFor(request);
    }
  }

  /**
   * The web server says that it closes the connection when the client asked for it, but leaves that
   * to the client.
   */
  private static void closeFor(ServerRequest request) {
    try {
      if (!request.content().consumed()) {
        // Closing with unread bytes would reset the connection, and the client might lose the
        // answer.
        request.content().consume();
      }
    } catch (RuntimeException e) {
      throw new CloseConnectionException(
          "the client went away while it sent a body that is not wanted", e);
    }
    throw new CloseConnectionException("the client wants no more");
  }

  private Answer answer(ServerRequest request, String method) {
    try {
      RequestPath path = RequestPath.parse(request.prologue().uriPath().rawPath());
      Map<String, Operation> offered = operations.get(path.template());
      Operation operation = offered.get(method.equals("HEAD") ? "GET" : method);
      if (operation == null) {
        return methodNotAllowed(offered.keySet());
      }
      if (path.template().equals(RequestPath.CONTRACT)) {
        return contract.read();
      }
      if (path.template().equals(RequestPath.DOCS)) {
        return DocsPage.page();
      }
      String peer = addresses.apply(request);
      return operation.handle(new Call(request, path, access.caller(request, peer), peer));
    } catch (ProblemException e) {
      return Answer.problem(e.problem());
    } catch (UnreadableBodyException e) {
      return Answer.problem(e.problem()).asLast();
    } catch (BackplaneException e) {
      return Answer.problem(Problems.unavailable(e));
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, () -> "a request to " + request.prologue().method() + " failed", e);
      return Answer.problem(Problems.internal());
    }
  }

  private static Answer methodNotAllowed(Set<String> offered) {
    Set<String> allowed = new TreeSet<>(offered);
    if (offered.contains("GET")) {
      allowed.add("HEAD");
    }
    String list = String.join(", ", allowed);
    return Answer.problem(Problem.of(Code.METHOD_NOT_ALLOWED, "only " + list + " here"))
        .with(HeaderValues.create(HeaderNames.ALLOW, list));
  }
}
