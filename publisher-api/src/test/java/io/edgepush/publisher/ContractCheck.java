package io.edgepush.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Holds requests and answers against openapi.yaml; members that it does not name are a mistake
 * here. Every answer of the API in the tests of this module and of the service goes through it.
 */
public final class ContractCheck {
  static final JsonMapper JSON = new JsonMapper();

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode document;

  /** Reads the contract. */
  public ContractCheck() {
    try (InputStream in = PublisherRoutes.class.getResourceAsStream("/openapi.yaml")) {
      document = new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    document.at("/components/schemas").values().forEach(ContractCheck::close);
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
  }

  JsonNode document() {
    return document;
  }

  /** The methods of each path. */
  Map<String, Set<String>> methods() {
    Map<String, Set<String>> methods = new TreeMap<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path -> {
              Set<String> names = new TreeSet<>(path.getValue().propertyNames());
              names.retainAll(METHODS);
              methods.put(
                  path.getKey(),
                  names.stream().map(n -> n.toUpperCase(Locale.ROOT)).collect(Collectors.toSet()));
            });
    return methods;
  }

  /** A node of the document, behind references. */
  JsonNode resolved(JsonNode node) {
    return node.has("$ref")
        ? resolved(document.at(node.get("$ref").asString().substring(1)))
        : node;
  }

  /**
   * An answer: its status, media type, headers and body are as the operation promises, or as every
   * refusal is.
   */
  public void answer(
      String method, String path, int status, Map<String, List<String>> headers, String body) {
    String mediaType = headers.getOrDefault("content-type", List.of("none")).getFirst();
    JsonNode operation = document.at("/paths").path(path).path(method.toLowerCase(Locale.ROOT));
    if (operation.isMissingNode() || status == 404 || status == 405) {
      assertEquals("application/problem+json", mediaType);
      valid(document.at("/components/schemas/Problem"), JSON.readTree(body));
      return;
    }
    JsonNode response = resolved(operation.path("responses").path(Integer.toString(status)));
    assertNotNull(
        response.get("description"), () -> method + " " + path + " promises no " + status);
    JsonNode content = response.path("content").path(mediaType);
    assertNotNull(
        content.get("schema"),
        () -> method + " " + path + " " + status + " promises no " + mediaType);
    valid(
        content.get("schema"),
        mediaType.contains("json") ? JSON.readTree(body) : JSON.valueToTree(body));
    response
        .path("headers")
        .properties()
        .forEach(
            header -> {
              boolean sometimes = !resolved(header.getValue()).path("required").asBoolean(true);
              assertTrue(
                  sometimes || headers.containsKey(header.getKey().toLowerCase(Locale.ROOT)),
                  () -> status + " promises the header " + header.getKey());
            });
  }

  /** The path of the contract that a request's path is of. */
  public static String template(String path) {
    return path.startsWith("/v1/topics/")
        ? path.endsWith("/events") && path.split("/", -1).length == 5
            ? "/v1/topics/{topic}/events"
            : "/v1/topics/{topic}"
        : path;
  }

  /** A value fits a schema of the document. */
  void valid(JsonNode schema, JsonNode value) {
    assertEquals(List.of(), errors(schema, value), value::toString);
  }

  List<Error> errors(JsonNode schema, JsonNode value) {
    ObjectNode whole = JSON.createObjectNode();
    whole.putArray("allOf").add(schema);
    whole.set("components", document.get("components"));
    return SCHEMAS.getSchema(whole).validate(value);
  }
}
