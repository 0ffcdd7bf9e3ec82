package io.edgepush.service.operations;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * {@code /health/live}: the process serves HTTP. {@code /health/ready}: a publish would succeed
 * now, and the node does not drain. A node that sheds load stays ready and says what it sheds: were
 * it taken out, its load would go to others that have as much.
 */
public final class HealthRoutes implements HttpService {
  private static final String SILENT = "the event store does not answer";

  private final Backplane backplane;
  private final Duration limit;
  private final Supplier<Optional<String>> shedding;
  private volatile boolean draining;

  /**
   * Routes over a backplane.
   *
   * @param limit how long the backplane may take to answer
   * @param shedding what is shed, for people; empty when nothing is
   */
  public HealthRoutes(Backplane backplane, Duration limit, Supplier<Optional<String>> shedding) {
    this.backplane = backplane;
    this.limit = limit;
    this.shedding = shedding;
  }

  /** From now on the node is not ready. */
  public void drain() {
    draining = true;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/health/live", (_, response) -> send(response, true, "up"))
        .get("/health/ready", this::ready);
  }

  private void ready(ServerRequest request, ServerResponse response) throws InterruptedException {
    if (draining) {
      send(response, false, "draining");
      return;
    }
    try {
      backplane.check().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      send(response, true, shedding.get().orElse("ready"));
    } catch (ExecutionException e) {
      send(response, false, detail(e.getCause()));
    } catch (TimeoutException _) {
      send(response, false, SILENT);
    }
  }

  /** What the backplane says is without secrets, and this port is the operator's. */
  private static String detail(Throwable why) {
    return why instanceof BackplaneException fault ? fault.getMessage() : SILENT;
  }

  private static void send(ServerResponse response, boolean well, String detail) {
    response.status(well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    String escaped = new String(JsonStringEncoder.getInstance().quoteAsString(detail));
    String json = "{\"status\":\"" + (well ? "UP" : "DOWN") + "\",\"detail\":\"" + escaped + "\"}";
    response.send(json.getBytes(StandardCharsets.UTF_8));
  }
}
