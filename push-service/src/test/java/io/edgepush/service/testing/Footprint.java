package io.edgepush.service.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.edgepush.hub.client.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this process holds.
 *
 * @param platformThreads threads of the operating system, carriers of virtual threads included
 * @param virtualThreads by the part of their name before the number
 * @param openFiles descriptors, sockets included
 * @param heapBytes what is reachable
 */
public record Footprint(
    int platformThreads, Map<String, Integer> virtualThreads, long openFiles, long heapBytes) {

  /** As of now, after a collection of garbage. */
  public static Footprint now() {
    System.gc();
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Footprint(
        ManagementFactory.getThreadMXBean().getThreadCount(),
        virtual(),
        system.getOpenFileDescriptorCount(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  private static Map<String, Integer> virtual() {
    Map<String, Integer> names = new TreeMap<>();
    Map<String, Object> dump = Json.asObject(dump().get("threadDump"));
    for (Object container : Json.list(dump, "threadContainers")) {
      for (Object thread : Json.list(Json.asObject(container), "threads")) {
        Map<String, Object> members = Json.asObject(thread);
        if (Boolean.TRUE.equals(members.get("virtual"))) {
          names.merge(Json.string(members, "name").replaceFirst("\\d+$", ""), 1, Integer::sum);
        }
      }
    }
    return names;
  }

  private static Map<String, Object> dump() {
    try {
      Path directory = Files.createTempDirectory("edgepush-threads");
      Path file = directory.resolve("dump.json");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      Map<String, Object> dump = Json.object(Files.readAllBytes(file));
      Files.delete(file);
      Files.delete(directory);
      return dump;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
