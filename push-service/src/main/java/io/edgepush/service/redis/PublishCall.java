package io.edgepush.service.redis;

import io.edgepush.backplane.Published;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One call of the publishing script: events of one partition. Keys that publishers gave are
 * remembered each; where all were made by us, and there are several, the call as a whole is
 * remembered instead: that is enough for repeating it, and takes a fraction of the time and memory.
 */
final class PublishCall {
  private static final byte[] EACH = Keys.bytes("each");
  private static final byte[] CALL = Keys.bytes("call");

  private final Keys keys;
  private final int partition;
  private final List<Publication> publications = new ArrayList<>();
  private final List<Policy> policyOfEach = new ArrayList<>();
  private final List<byte[]> bodies = new ArrayList<>();
  private int bytes;

  PublishCall(Keys keys, int partition) {
    this.keys = keys;
    this.partition = partition;
  }

  void add(Publication publication, Policy policy) {
    byte[] body = EventBody.encode(publication.content());
    publications.add(publication);
    policyOfEach.add(policy);
    bodies.add(body);
    bytes += body.length;
  }

  int size() {
    return publications.size();
  }

  /** Bytes of all bodies. */
  int bytes() {
    return bytes;
  }

  Command command(long deadline) {
    boolean each = size() == 1 || publications.stream().anyMatch(Publication::keyGiven);
    List<byte[]> parameters = new ArrayList<>(8 * size() + 16);
    parameters.add(keys.clock(partition));
    if (!each) {
      parameters.add(keys.call(partition, identity()));
    }
    for (Publication publication : publications) {
      Topic topic = publication.topic();
      parameters.add(keys.stream(partition, topic));
      parameters.add(keys.last(partition, topic));
      if (each) {
        parameters.add(keys.idempotency(partition, topic, publication.idempotencyKey()));
      }
    }
    int names = parameters.size();
    addArguments(parameters, each);
    return Command.call(Script.PUBLISH, names, parameters, deadline);
  }

  private void addArguments(List<byte[]> parameters, boolean each) {
    List<Policy> policies = policyOfEach.stream().distinct().toList();
    addHead(parameters, each, policies);
    for (int i = 0; i < size(); i++) {
      Publication publication = publications.get(i);
      if (policies.size() > 1) {
        parameters.add(number(policies.indexOf(policyOfEach.get(i)) + 1));
      }
      parameters.add(Keys.bytes(keys.channel(partition, publication.topic())));
      parameters.add(number(publication.content().data().length));
      parameters.add(bodies.get(i));
    }
  }

  private static void addHead(List<byte[]> parameters, boolean each, List<Policy> policies) {
    parameters.add(RandomText.epoch());
    parameters.add(each ? EACH : CALL);
    parameters.add(number(policies.size()));
    policies.forEach(policy -> parameters.addAll(policy.arguments()));
  }

  /** An event of no topic on a channel, of which nothing is kept. */
  static Command check(
      Keys keys, int partition, String channel, String body, Policy policy, long deadline) {
    List<byte[]> parameters = new ArrayList<>();
    parameters.add(keys.clock(partition));
    parameters.add(keys.check(partition, "s"));
    parameters.add(keys.check(partition, "l"));
    parameters.add(keys.check(partition, body));
    addHead(parameters, true, List.of(policy));
    parameters.add(Keys.bytes(channel));
    parameters.add(number(0));
    parameters.add(Keys.bytes(body));
    return Command.call(Script.PUBLISH, 4, parameters, deadline);
  }

  /** Names the call by all topics and keys in it. */
  private String identity() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Publication publication : publications) {
        digest.update(
            Keys.bytes(publication.topic().name() + " " + publication.idempotencyKey() + "\n"));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads the script's answer.
   *
   * @param repeated whether the call was sent more than once, so that keys made by us were used by
   *     nobody else
   */
  List<Published> published(byte[] reply, boolean repeated) {
    String[] lines = new String(reply, StandardCharsets.US_ASCII).split("\n", -1);
    boolean wholeRepeat = lines[0].startsWith("=");
    String epoch = wholeRepeat ? lines[0].substring(1) : lines[0];
    List<Published> published = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      String line = lines[i + 1];
      boolean known = line.startsWith("=");
      int space = line.indexOf(' ');
      Position position =
          known
              ? Position.of(line.substring(1, space), line.substring(space + 1))
              : Position.of(epoch, line);
      boolean ours = repeated && !publications.get(i).keyGiven();
      published.add(
          new Published(new EventId(partition, position), (known || wholeRepeat) && !ours));
    }
    return published;
  }

  private static byte[] number(int value) {
    return Keys.bytes(Integer.toString(value));
  }
}
