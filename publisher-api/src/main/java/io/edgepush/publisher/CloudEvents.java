package io.edgepush.publisher;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import io.edgepush.model.Content;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import io.edgepush.model.Reach;
import io.edgepush.model.Topic;
import io.edgepush.wire.JsonMembers;
import io.edgepush.wire.PublicationReader;
import io.edgepush.wire.PublicationReader.Item;
import io.edgepush.wire.ReachReader;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CloudEvents 1.0 over HTTP, in its three modes, by the CloudEvents SDK; but the data of the JSON
 * format is read by us, because it reaches subscribers byte for byte.
 */
final class CloudEvents {
  static final String STRUCTURED = "application/cloudevents+json";
  static final String BATCH = "application/cloudevents-batch+json";

  private static final String PREFIX = "ce-";
  private static final String VERSION = "1.0";
  private static final int MOST_DETAIL = 200;

  private CloudEvents() {}

  /** Whether the request has an event in its headers and body. */
  static boolean isBinary(ServerRequest request) {
    return request.headers().contains(HeaderNames.create("ce-specversion"));
  }

  /**
   * The event of a request in binary mode.
   *
   * @throws ProblemException when there is none that can be published
   */
  static Publication binary(ServerRequest request, byte[] body) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : request.headers()) {
      String name = header.headerName().lowerCase();
      if (name.startsWith(PREFIX)) {
        headers.put(name, PercentEncoding.decodeText(header.allValues().getFirst(), name));
      } else if (name.equals("content-type")) {
        headers.put(name, header.allValues().getFirst());
      }
    }
    requireVersion(headers.get("ce-specversion"));
    try {
      CloudEvent event = HttpMessageFactory.createReader(headers, body).toEvent();
      return publication(event, body.length == 0 ? Optional.empty() : Optional.of(body), false);
    } catch (CloudEventRWException | IllegalStateException | IllegalArgumentException e) {
      throw refused(e);
    }
  }

  /**
   * An event in the JSON format.
   *
   * @throws ProblemException when there is none that can be published
   */
  static Publication structured(byte[] json) {
    Map<String, JsonMembers.Value> members = JsonMembers.read(json, 0, json.length);
    JsonMembers.Value version = members.get("specversion");
    requireVersion(version == null ? "" : version.text());
    try {
      return structured(members);
    } catch (CloudEventRWException | IllegalStateException | IllegalArgumentException e) {
      throw refused(e);
    }
  }

  private static Publication structured(Map<String, JsonMembers.Value> members) {
    CloudEventBuilder builder = CloudEventBuilder.v1();
    Optional<byte[]> data = Optional.empty();
    boolean base64 = false;
    for (Map.Entry<String, JsonMembers.Value> member : members.entrySet()) {
      JsonMembers.Value value = member.getValue();
      switch (member.getKey()) {
        case "specversion" -> {}
        case "data", "data_base64" -> {
          if (data.isPresent()) {
            throw invalid("data", "an event has data or data_base64");
          }
          base64 = member.getKey().equals("data_base64");
          data = Optional.of(base64 ? decoded(value) : value.raw());
        }
        default -> attribute(builder, member.getKey(), value);
      }
    }
    CloudEvent event = builder.withData(BytesCloudEventData.wrap(new byte[0])).build();
    JsonMembers.Value given = members.get("data");
    boolean text = given != null && given.string() && isText(event);
    return publication(
        event, text ? Optional.of(given.text().getBytes(StandardCharsets.UTF_8)) : data, base64);
  }

  private static void attribute(CloudEventBuilder builder, String name, JsonMembers.Value value) {
    boolean isNull =
        !value.scalar() && new String(value.raw(), StandardCharsets.US_ASCII).equals("null");
    if (isNull) {
      return; // as if it were absent
    }
    if (!value.scalar()) {
      throw invalid(name, "an attribute is a string, a number or a boolean");
    }
    builder.withContextAttribute(name, value.text());
  }

  private static byte[] decoded(JsonMembers.Value value) {
    try {
      return Base64.getDecoder().decode(value.string() ? value.text() : "-");
    } catch (IllegalArgumentException e) {
      throw invalid("data_base64", "data_base64 is a base64 string as in RFC 4648 section 4");
    }
  }

  private static boolean isText(CloudEvent event) {
    return event.getDataContentType() != null
        && MediaKind.of(event.getDataContentType()) == MediaKind.TEXT;
  }

  /** Each event of a batch. */
  static List<Item> batch(byte[] json) {
    List<Item> items = new ArrayList<>();
    for (byte[] element : JsonMembers.elements(json)) {
      try {
        items.add(new Item.Good(structured(element)));
      } catch (ProblemException e) {
        String field = e.problem().field();
        String place = "[" + items.size() + "]" + (field.isEmpty() ? "" : "." + field);
        items.add(new Item.Bad(e.problem().at(place)));
      }
    }
    return items;
  }

  private static Publication publication(CloudEvent event, Optional<byte[]> data, boolean base64) {
    String subject = event.getSubject() == null ? "" : event.getSubject();
    String topic = extension(event, "topic").orElse(subject);
    if (topic.isEmpty()) {
      throw invalid("subject", "the subject, or the extension topic, names the topic");
    }
    String key = extension(event, "partitionkey").orElse("");
    MediaKind kind =
        event.getDataContentType() == null
            ? base64 ? MediaKind.BINARY : MediaKind.JSON
            : MediaKind.of(event.getDataContentType());
    byte[] bytes = data.orElse(new byte[0]);
    byte[] none = "null".getBytes(StandardCharsets.US_ASCII);
    Content content =
        switch (kind) {
          case JSON ->
              new Content(
                  event.getType(),
                  key,
                  Content.Encoding.JSON,
                  data.isEmpty() ? none : PublicationReader.readData(bytes));
          case TEXT ->
              new Content(
                  event.getType(), key, Content.Encoding.JSON, PublicationReader.quoteText(bytes));
          case BINARY -> new Content(event.getType(), key, Content.Encoding.BINARY, bytes);
        };
    return new Publication(
        new Topic(topic), content.withReach(reach(event)), identity(event), true);
  }

  private static Reach reach(CloudEvent event) {
    ReachReader reader = new ReachReader();
    extension(event, "tosession").ifPresent(reader::session);
    extension(event, "tosubject").ifPresent(reader::subject);
    extension(event, "excludesession").ifPresent(reader::exclude);
    extension(event, "ttlms").ifPresent(reader::ttlMs);
    extension(event, "expirytime").ifPresent(reader::expiresAt);
    return reader.reach();
  }

  private static Optional<String> extension(CloudEvent event, String name) {
    return Optional.ofNullable(event.getExtension(name)).map(Object::toString);
  }

  /**
   * Source and id together are unique; where they are too long for a key, their digest stands in.
   */
  private static String identity(CloudEvent event) {
    String both = event.getSource() + " " + event.getId();
    if (both.length() <= Content.MAX_NAME_LENGTH) {
      return both;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(both.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void requireVersion(String version) {
    if (!VERSION.equals(version)) {
      throw invalid("specversion", "the version of CloudEvents is 1.0");
    }
  }

  private static ProblemException refused(RuntimeException fault) {
    String said = String.valueOf(fault.getMessage());
    return Problem.of(
            Code.INVALID_FIELD,
            "no CloudEvent: " + said.substring(0, Math.min(MOST_DETAIL, said.length())))
        .exception();
  }

  private static ProblemException invalid(String field, String detail) {
    return Problem.of(Code.INVALID_FIELD, field, detail).exception();
  }
}
