package io.edgepush.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportTest {
  private final Result result =
      new Result(
          "fanout",
          Map.of("connections", "500"),
          List.of(
              new Figure("deliveries", 49_987.5, "/s"),
              Figure.count("lost", 3),
              new Figure("server CPU a delivery", 3.9876, "µs")),
          Map.of("latency", upTo(1_000)),
          List.of(
              new Second(1, false, 40_000, 900, 9_000, 10_000, 20, 90_000),
              new Second(2, true, 50_000, 500, 5_000, 6_000, 25, 91_000)),
          List.of("lost: 3 <of> many"));

  private static Histogram upTo(int micros) {
    Histogram histogram = new Histogram(3);
    for (int i = 1; i <= micros; i++) {
      histogram.recordValue(i);
    }
    return histogram;
  }

  @Test
  void theTextHasEachFigureThePercentilesAndTheFaults() {
    String text = TextReport.of(result);

    assertTrue(text.contains("49,988 /s"), text);
    assertTrue(text.contains("3.988 µs"), text);
    assertTrue(text.contains("p50 0.500  p90 0.900  p99 0.990"), text);
    assertTrue(text.contains("FAULT lost: 3 <of> many"), text);
  }

  @Test
  void theJsonHasWhatTheRunFound() throws Exception {
    JsonNode json = new ObjectMapper().readTree(JsonReport.of(result));

    assertEquals("fanout", json.get("command").asText());
    assertEquals(3, json.at("/figures/lost").asInt());
    assertEquals(3.9876, json.at("/figures/server_CPU_a_delivery_us").asDouble());
    assertEquals(49_987.5, json.at("/figures/deliveries_s").asDouble());
    assertEquals(990, json.at("/times_us/latency/p99").asInt());
    assertEquals(1_000, json.at("/times_us/latency/p100").asInt());
    assertEquals(50_000, json.at("/seconds/1/deliveries").asInt());
    assertEquals(1, json.get("faults").size());
  }

  @Test
  void thePageNeedsNothingFromElsewhereAndItsPlotsAreXml() throws Exception {
    String page = HtmlReport.of(result);

    assertFalse(page.contains("http"), page);
    assertFalse(page.contains("src="), page);
    assertTrue(page.contains("lost: 3 &lt;of&gt; many"), page);
    Matcher plots = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
    int count = 0;
    while (plots.find()) {
      var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      var plot = builder.parse(new InputSource(new StringReader(plots.group())));
      assertTrue(plot.getElementsByTagName("polyline").getLength() > 0);
      count++;
    }
    assertEquals(5, count);
  }

  @Test
  void thePercentilePlotRisesToTheRight() {
    String page = HtmlReport.of(result);
    Matcher line = Pattern.compile("points='([^']*)'").matcher(page);
    assertTrue(line.find());
    double lastX = 0;
    double lastY = Double.MAX_VALUE;
    for (String point : line.group(1).split(" ")) {
      String[] xy = point.split(",");
      double x = Double.parseDouble(xy[0]);
      double y = Double.parseDouble(xy[1]);
      assertTrue(x >= lastX && y <= lastY, point);
      lastX = x;
      lastY = y;
    }
    assertTrue(lastX > 700, "the rarest is at the right edge: " + lastX);
  }

  @Test
  void progressIsForTerminalsOnly() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    ByteArrayOutputStream hidden = new ByteArrayOutputStream();
    new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8), true)
        .show("measuring", 0.5, "half");
    new Progress(new PrintStream(hidden, true, StandardCharsets.UTF_8), false)
        .show("measuring", 0.5, "half");

    assertTrue(shown.toString(StandardCharsets.UTF_8).contains("############·"));
    assertEquals(0, hidden.size());
  }
}
