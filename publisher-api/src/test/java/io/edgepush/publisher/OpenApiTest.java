package io.edgepush.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.hub.PublishQuota;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiTest extends ApiTest {
  private final ContractCheck contract = new ContractCheck();
  private final JsonNode document = contract.document();

  @Test
  void theContractNamesWhatIsServedAndNothingElse() {
    PublisherRoutes routes =
        new PublisherRoutes(
            backplane, new Nobody(), _ -> 0, PublishQuota.UNLIMITED, r -> r.remotePeer().host());
    assertEquals(routes.methods(), contract.methods());
  }

  @Test
  void whatTheContractNamesIsServed() {
    contract
        .methods()
        .forEach(
            (path, methods) ->
                methods.forEach(
                    method -> {
                      String real = path.replace("{topic}", "a");
                      HttpResponse<String> answer =
                          client.send(client.to(real).method(method, BodyPublishers.noBody()));
                      assertFalse(
                          Set.of(404, 405).contains(answer.statusCode()),
                          () -> method + " " + real + " " + answer.body());
                    }));
  }

  @Test
  void theDocumentIsServedToEverybody() throws Exception {
    HttpResponse<String> answer = client.send(client.anonymous("/openapi.yaml").GET());
    assertEquals(200, answer.statusCode());
    assertEquals("application/yaml", answer.headers().firstValue("content-type").orElse(""));
    assertEquals(
        new String(
            PublisherRoutes.class.getResourceAsStream("/openapi.yaml").readAllBytes(),
            StandardCharsets.UTF_8),
        answer.body());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> references = document.findValuesAsString("$ref");
    assertTrue(references.size() > 50);
    for (String reference : references) {
      assertFalse(document.at(reference.substring(1)).isMissingNode(), reference);
    }
  }

  @Test
  void everyExampleFitsItsSchema() {
    List<JsonNode> holders = new ArrayList<>();
    collect(document, holders);
    int examples = 0;
    for (JsonNode holder : holders) {
      List<JsonNode> values = new ArrayList<>(holder.path("examples").findValues("value"));
      if (holder.has("example")) {
        values.add(holder.get("example"));
      }
      values.forEach(value -> contract.valid(holder.get("schema"), value));
      examples += values.size();
    }
    assertTrue(examples >= 20, "examples: " + examples);
  }

  private static void collect(JsonNode node, List<JsonNode> holders) {
    if (node.has("schema")) {
      holders.add(node);
    }
    node.values().forEach(child -> collect(child, holders));
  }

  @Test
  void theProblemCodesAreThoseThereAre() {
    Set<String> codes = new TreeSet<>();
    document
        .at("/components/schemas/Problem/properties/code/enum")
        .forEach(code -> codes.add(code.asString()));
    // Nothing here is upgraded.
    Set<String> expected =
        new TreeSet<>(
            Arrays.stream(Problem.Code.values())
                .filter(c -> c != Problem.Code.UPGRADE_REQUIRED)
                .map(Problem.Code::slug)
                .toList());
    assertEquals(expected, codes);
  }

  @Test
  void theTopicsPatternIsWhatTopicsAre() {
    JsonNode schema = document.at("/components/schemas/Topic");
    for (char c :
        IntStream.range(0, 0x180).mapToObj(i -> (char) i).toList().toArray(new Character[0])) {
      boolean fits = contract.errors(schema, ContractCheck.JSON.valueToTree("a" + c)).isEmpty();
      assertEquals(isTopic("a" + c), fits, () -> "character " + (int) c);
    }
    assertTrue(contract.errors(schema, ContractCheck.JSON.valueToTree("a".repeat(200))).isEmpty());
    assertFalse(contract.errors(schema, ContractCheck.JSON.valueToTree("a".repeat(201))).isEmpty());
    assertFalse(contract.errors(schema, ContractCheck.JSON.valueToTree("")).isEmpty());
  }

  private static boolean isTopic(String name) {
    try {
      return new Topic(name).name().equals(name);
    } catch (ProblemException e) {
      return false;
    }
  }

  @Test
  void whatTheSchemaOfAnEventRefusesTheApiRefusesToo() {
    JsonNode schema =
        document.at("/paths/~1v1~1events/post/requestBody/content/application~1json/schema");
    Map<String, Boolean> bodies =
        Map.of(
            "{\"topic\":\"a\",\"data\":null}", true,
            "{\"topic\":\"a\",\"data\":\"AA==\",\"encoding\":\"base64\",\"type\":\"\",\"key\":\"k\",\"id\":\"i\"}",
                true,
            "[{\"topic\":\"a\",\"data\":[]}]", true,
            "[]", false,
            "{\"topic\":\"a\"}", false,
            "{\"topic\":\"a\",\"data\":1,\"encoding\":\"base64\"}", false,
            "{\"topic\":\"a\",\"data\":1,\"encoding\":\"hex\"}", false,
            "{\"topic\":\"a\",\"data\":1,\"id\":\"\"}", false,
            "{\"topic\":\"a\",\"data\":1,\"more\":1}", false,
            "{\"topic\":\"a\\u0000\",\"data\":1}", false);
    bodies.forEach(
        (body, good) -> {
          assertEquals(
              good, contract.errors(schema, ContractCheck.JSON.readTree(body)).isEmpty(), body);
          assertEquals(good, client.events(body).statusCode() == 200, body);
        });
  }

  private static final class Nobody implements Authorizer {
    @Override
    public Principal authenticate(Credentials credentials) {
      throw Problem.of(Problem.Code.UNAUTHENTICATED, "nobody").exception();
    }

    @Override
    public boolean permits(Principal who, Action action, Topic topic) {
      return false;
    }
  }
}
