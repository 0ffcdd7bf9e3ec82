package io.edgepush.bench;

import io.edgepush.bench.load.ClientTls;
import io.edgepush.bench.load.Crowd;
import io.edgepush.bench.load.Endpoint;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.load.ServerProcess;
import io.edgepush.bench.load.Target;
import io.edgepush.bench.load.Traffic;
import io.edgepush.bench.load.Transport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** What all loads can be told. Commands set other defaults before the command line is read. */
final class Options {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "public URL, http(s):// or ws(s):// (default: ${DEFAULT-VALUE})")
  String url = "http://127.0.0.1:8080";

  @Option(
      names = "--publish-url",
      paramLabel = "URL",
      description = "private URL, for publishing (default: ${DEFAULT-VALUE})")
  String publishUrl = "http://127.0.0.1:8081";

  @Option(names = "--insecure", description = "accept any certificate of a server with TLS")
  boolean insecure;

  @Option(names = "--token", description = "token of the subscribers (Authorization: Bearer)")
  String token = "";

  @Option(names = "--key", description = "key of the publishers (Authorization: Bearer)")
  String key = "";

  @Option(
      names = "--pid",
      description =
          "process of the server, when it runs on this machine: its CPU and memory are reported")
  Optional<Long> pid = Optional.empty();

  @Option(
      names = "--transport",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Transport transport = Transport.WS;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "subscribers (default: ${DEFAULT-VALUE})")
  int connections = 500;

  @Option(
      names = "--connect-rate",
      paramLabel = "N",
      description =
          "subscribers that connect in a second, 0 for all at once (default: ${DEFAULT-VALUE})")
  double connectRate = 2_000;

  @Option(names = "--topics", paramLabel = "N", description = "topics (default: ${DEFAULT-VALUE})")
  int topics = 1;

  @Option(
      names = "--topics-per-connection",
      paramLabel = "N",
      description =
          "topics that each subscriber has of them; 1: in turn, more: drawn (default: ${DEFAULT-VALUE})")
  int topicsPerConnection = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "events a second, by a schedule that does not wait for answers; 0 for as many as are answered (default: ${DEFAULT-VALUE})")
  double rate = 100;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "data of an event, at least 29 (default: ${DEFAULT-VALUE})")
  int size = 40;

  @Option(
      names = "--publishers",
      paramLabel = "N",
      description = "publishing connections (default: ${DEFAULT-VALUE})")
  int publishers = 1;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "events in a call (default: ${DEFAULT-VALUE})")
  int batch = 1;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      description = "load before anything is measured (default: ${DEFAULT-VALUE})")
  Duration warmup = Duration.ofSeconds(5);

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "how long is measured (default: ${DEFAULT-VALUE})")
  Duration duration = Duration.ofSeconds(10);

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that read the subscribers (default: ${DEFAULT-VALUE})")
  int threads = 1;

  @Option(
      names = "--stuck",
      paramLabel = "N",
      description =
          "subscribers besides that never read what they are sent; fanout, latency, soak, baseline and compare (default: ${DEFAULT-VALUE})")
  int stuck = 0;

  Plan plan() {
    Optional<ServerProcess> server = pid.map(ServerProcess::new);
    Supplier<ClientTls> tls = insecure ? ClientTls::insecure : ClientTls::verifying;
    return new Plan(
        new Target(Endpoint.of(url, tls), Endpoint.of(publishUrl, tls), false, token, key, server),
        new Crowd(transport, connections, connectRate, topics, topicsPerConnection, threads, stuck),
        new Traffic(rate, size, publishers, batch, warmup, duration));
  }

  /** For a report, without token and key. */
  static Map<String, String> describe(Plan plan) {
    Map<String, String> setup = new LinkedHashMap<>();
    Crowd crowd = plan.crowd();
    Traffic traffic = plan.traffic();
    setup.put("url", plan.target().subscribe().authority());
    setup.put("transport", crowd.transport().name().toLowerCase(Locale.ROOT));
    setup.put("connections", Integer.toString(crowd.connections()));
    setup.put("topics", Integer.toString(crowd.topics()));
    setup.put("topics-per-connection", Integer.toString(crowd.topicsPerConnection()));
    if (crowd.stuck() > 0) {
      setup.put("stuck", Integer.toString(crowd.stuck()));
    }
    setup.put("rate", String.format(Locale.ROOT, "%.6g", traffic.rate()));
    setup.put("size", Integer.toString(traffic.size()));
    setup.put("publishers", Integer.toString(traffic.publishers()));
    setup.put("batch", Integer.toString(traffic.batch()));
    setup.put("warmup", traffic.warmup().toMillis() / 1_000.0 + "s");
    setup.put("duration", traffic.duration().toMillis() / 1_000.0 + "s");
    setup.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    return setup;
  }
}
