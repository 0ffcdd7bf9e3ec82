import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Publishes how busy this machine is, once a second, as one batch of three events. It goes on while the service is away
 * and says so once. Run it with {@code java HostMetrics.java --private-port 8081}.
 */
final class HostMetrics {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What one look at the machine found; counters only grow. */
  private record Counters(long nanos, long busyTicks, long allTicks, long rxBytes, long txBytes) {}

  /** Memory in bytes. */
  private record Memory(long usedBytes, long totalBytes) {}

  /** Where the counters come from. */
  private interface Machine {
    Counters counters() throws IOException;

    Memory memory() throws IOException;

    boolean hasNetwork();
  }

  /** Linux: the files in /proc. */
  private static final class Proc implements Machine {
    private static final Path STAT = Path.of("/proc/stat");

    static boolean isHere() {
      return Files.isReadable(STAT);
    }

    @Override
    public Counters counters() throws IOException {
      try (var lines = Files.lines(STAT)) {
        // cpu user nice system idle iowait irq softirq steal …
        long[] ticks = numbers(lines.findFirst().orElseThrow().substring("cpu".length()));
        long all = Arrays.stream(ticks, 0, 8).sum();
        long[] bytes = network();
        return new Counters(System.nanoTime(), all - ticks[3] - ticks[4], all, bytes[0], bytes[1]);
      }
    }

    /** Bytes received and sent over all interfaces; the loopback counts only where there is no other. */
    private static long[] network() throws IOException {
      List<String> lines = Files.readAllLines(Path.of("/proc/net/dev"));
      List<String> interfaces = lines.stream().filter(line -> line.contains(":")).toList();
      List<String> outside = interfaces.stream().filter(line -> !line.strip().startsWith("lo:")).toList();
      long[] sum = new long[2];
      for (String line : outside.isEmpty() ? interfaces : outside) {
        long[] columns = numbers(line.substring(line.indexOf(':') + 1));
        sum[0] += columns[0];
        sum[1] += columns[8];
      }
      return sum;
    }

    @Override
    public Memory memory() throws IOException {
      long total = 0;
      long available = 0;
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemTotal:")) {
          total = kib(line);
        } else if (line.startsWith("MemAvailable:")) {
          available = kib(line);
        }
      }
      return new Memory(total - available, total);
    }

    @Override
    public boolean hasNetwork() {
      return true;
    }

    private static long kib(String line) {
      return numbers(line.substring(line.indexOf(':') + 1).replace("kB", ""))[0] * 1024;
    }

    private static long[] numbers(String columns) {
      return Arrays.stream(columns.strip().split("\\s+")).mapToLong(Long::parseLong).toArray();
    }
  }

  /** Elsewhere: what the Java runtime knows. */
  private static final class JavaRuntime implements Machine {
    private final com.sun.management.OperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    private long busy;
    private long all;

    @Override
    public Counters counters() {
      // A load since the last look becomes a counter, as the other machine has it.
      all += 1000;
      busy += Math.round(Math.max(system.getCpuLoad(), 0) * 1000);
      return new Counters(System.nanoTime(), busy, all, 0, 0);
    }

    @Override
    public Memory memory() {
      return new Memory(system.getTotalMemorySize() - system.getFreeMemorySize(), system.getTotalMemorySize());
    }

    @Override
    public boolean hasNetwork() {
      return false;
    }
  }

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Machine machine;
  private final URI events;
  private Optional<String> said = Optional.empty();

  private HostMetrics(Machine machine, URI events) {
    this.machine = machine;
    this.events = events;
  }

  private static List<String> readings(Machine machine, Counters before, Counters now) throws IOException {
    long t = System.currentTimeMillis();
    double seconds = (now.nanos - before.nanos) / 1e9;
    double percent = 100.0 * (now.busyTicks - before.busyTicks) / Math.max(now.allTicks - before.allTicks, 1);
    Memory memory = machine.memory();
    List<String> events = new ArrayList<>();
    events.add(event("cpu", "{\"t\":%d,\"percent\":%.1f}", t, percent));
    events.add(event("memory", "{\"t\":%d,\"usedBytes\":%d,\"totalBytes\":%d}", t, memory.usedBytes, memory.totalBytes));
    if (machine.hasNetwork()) {
      events.add(event("network", "{\"t\":%d,\"rxBytesPerSec\":%.0f,\"txBytesPerSec\":%.0f}", t,
          (now.rxBytes - before.rxBytes) / seconds, (now.txBytes - before.txBytes) / seconds));
    }
    return events;
  }

  private static String event(String name, String data, Object... values) {
    return "{\"topic\":\"demo/host/" + name + "\",\"data\":" + String.format(Locale.ROOT, data, values) + "}";
  }

  /** Sends a batch, and says so when that works where it did not before, or the other way round. */
  private void publish(List<String> batch) throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(events).timeout(PATIENCE)
        .header("Content-Type", "application/json").POST(BodyPublishers.ofString("[" + String.join(",", batch) + "]"));
    Optional.ofNullable(System.getenv("PUSH_API_KEY"))
        .ifPresent(key -> request.header("Authorization", "Bearer " + key));
    String state;
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      state = answer.statusCode() == 200 ? "publishing to " + events
          : events + " answers " + answer.statusCode() + ": " + answer.body().strip();
    } catch (IOException e) {
      state = events + " cannot be reached, trying every second";
    }
    if (!said.equals(Optional.of(state))) {
      said = Optional.of(state);
      System.out.println("host-metrics: " + state);
    }
  }

  private void run() throws IOException, InterruptedException {
    if (!machine.hasNetwork()) {
      System.out.println("host-metrics: network is not available on this system");
    }
    Counters before = machine.counters();
    while (true) {
      // At the beginning of each second, so that slow answers do not add up.
      Thread.sleep(1000 - System.currentTimeMillis() % 1000);
      Counters now = machine.counters();
      publish(readings(machine, before, now));
      before = now;
    }
  }

  /** Reads {@code --private-port N} and {@code --host NAME}, and never returns. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String host = "127.0.0.1";
    int port = 8081;
    for (int i = 0; i < args.length; i += 2) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (args[i]) {
        case "--private-port" -> port = value.matches("\\d{1,5}") ? Integer.parseInt(value) : usage();
        case "--host" -> host = value;
        default -> usage();
      }
    }
    Machine machine = Proc.isHere() ? new Proc() : new JavaRuntime();
    new HostMetrics(machine, URI.create("http://" + host + ":" + port + "/v1/events")).run();
  }

  private static int usage() {
    System.err.println("usage: run [--private-port N] [--host NAME]");
    System.exit(2);
    return 0;
  }
}
