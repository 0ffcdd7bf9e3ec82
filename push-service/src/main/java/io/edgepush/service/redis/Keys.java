package io.edgepush.service.redis;

import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * The names of keys and channels. All of a partition share the hash tag in braces, so they lie in
 * one slot.
 */
final class Keys {
  /** The partition that what concerns no topic lies with. */
  static final int SIDE = 0;

  private final String[] tags;

  Keys(String prefix, int partitions) {
    tags =
        IntStream.range(0, partitions)
            .mapToObj(p -> "{" + prefix + ":" + p + "}:")
            .toArray(String[]::new);
  }

  int partitions() {
    return tags.length;
  }

  int partition(Topic topic) {
    return topic.partition(tags.length);
  }

  byte[] clock(int partition) {
    return bytes(tags[partition] + "clock");
  }

  byte[] stream(int partition, Topic topic) {
    return bytes(tags[partition] + "s:" + topic.name());
  }

  byte[] last(int partition, Topic topic) {
    return bytes(tags[partition] + "l:" + topic.name());
  }

  /** A topic has no space, so the first one ends it. */
  byte[] idempotency(int partition, Topic topic, String key) {
    return bytes(tags[partition] + "i:" + topic.name() + " " + key);
  }

  /** The key of a whole call. */
  byte[] call(int partition, String identity) {
    return bytes(tags[partition] + "b:" + identity);
  }

  String channel(int partition, Topic topic) {
    return tags[partition] + "c:" + topic.name();
  }

  /** Where a node gets marks and what it published to check. */
  String nodeChannel(int partition, String node) {
    return tags[partition] + "n:" + node;
  }

  byte[] revocations() {
    return bytes(tags[SIDE] + "revocations");
  }

  String revocationChannel() {
    return tags[SIDE] + "r";
  }

  /** A key of no topic: what checks are made with. */
  byte[] check(int partition, String part) {
    return bytes(tags[partition] + "check:" + part);
  }

  /** The partition that somebody's rate lies with: any will do, the same on all nodes. */
  int ratePartition(String who) {
    return Math.floorMod(who.hashCode(), tags.length);
  }

  /** How much somebody took of a rate that all nodes share. */
  byte[] rate(String who) {
    return bytes(tags[ratePartition(who)] + "r:" + who);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
