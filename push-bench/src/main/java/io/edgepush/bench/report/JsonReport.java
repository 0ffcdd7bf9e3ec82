package io.edgepush.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.HdrHistogram.Histogram;

/** A result for programs. */
public final class JsonReport {
  private static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99, 100};

  private JsonReport() {}

  /** One object. */
  public static String of(Result result) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("command", result.title());
      json.writeObjectFieldStart("setup");
      for (var entry : result.setup().entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("figures");
      for (Figure figure : result.figures()) {
        json.writeNumberField(figure.key(), figure.value());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("times_us");
      for (var entry : result.times().entrySet()) {
        times(json, entry.getKey().replace(' ', '_'), entry.getValue());
      }
      json.writeEndObject();
      seconds(json, result);
      json.writeArrayFieldStart("faults");
      for (String fault : result.faults()) {
        json.writeString(fault);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out + "\n";
  }

  private static void times(JsonGenerator json, String name, Histogram histogram)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", histogram.getTotalCount());
    json.writeNumberField("mean", histogram.getMean());
    for (double p : PERCENTILES) {
      String label = "p" + String.valueOf(p).replaceAll("\\.0$", "");
      json.writeNumberField(label, histogram.getValueAtPercentile(p));
    }
    json.writeEndObject();
  }

  private static void seconds(JsonGenerator json, Result result) throws IOException {
    json.writeArrayFieldStart("seconds");
    for (Second second : result.seconds()) {
      json.writeStartObject();
      json.writeNumberField("at", second.at());
      json.writeBooleanField("measured", second.measured());
      json.writeNumberField("deliveries", second.deliveries());
      json.writeNumberField("p50_us", second.p50());
      json.writeNumberField("p99_us", second.p99());
      json.writeNumberField("max_us", second.max());
      json.writeNumberField("cpu_percent", second.cpuPercent());
      json.writeNumberField("rss_kib", second.rssKib());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
