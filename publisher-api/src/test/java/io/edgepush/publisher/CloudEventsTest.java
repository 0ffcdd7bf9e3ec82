package io.edgepush.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** CloudEvents 1.0 in its three modes. */
class CloudEventsTest extends ApiTest {
  private static final String ATTRIBUTES =
      "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"a\"";

  private HttpResponse<String> structured(String body) {
    return client.post(
        "/v1/events", "application/cloudevents+json; charset=utf-8", BodyPublishers.ofString(body));
  }

  private HttpResponse<String> batch(String body) {
    return client.post(
        "/v1/events", "application/cloudevents-batch+json", BodyPublishers.ofString(body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"data\":{\"x\":1.10}|{\"x\":1.10}",
        "\"data\":\"text\"|\"text\"",
        "\"data\":null|null",
        "\"type2\":null|null",
        "\"datacontenttype\":\"text/plain\",\"data\":\"a\\nb\"|\"a\\nb\"",
        "\"datacontenttype\":\"application/json\",\"data_base64\":\"WzEsMl0=\"|[1,2]",
        "\"datacontenttype\":\"image/png\",\"data_base64\":\"AAEC/w==\"|\"AAEC/w==\"",
      })
  void theDataOfAStructuredEventIsPassedOnAsItIs(String members, String data) {
    JsonNode answer = ApiClient.ok(structured("{" + ATTRIBUTES + "," + members + "}"));
    assertEquals("a", answer.get("topic").asString());
    HttpResponse<String> history = client.get(ApiClient.topic("a") + "/events");
    assertTrue(history.body().contains("\"data\":" + data + "}"), history.body());
    assertEquals("t", history("a").getFirst().get("type").asString());
  }

  @Test
  void sourceAndIdTogetherMakeItIdempotent() {
    String other = ATTRIBUTES.replace("/s", "/other");
    ApiClient.ok(structured("{" + ATTRIBUTES + ",\"data\":1}"));
    assertTrue(ApiClient.ok(structured("{" + ATTRIBUTES + ",\"data\":1}")).has("duplicate"));
    assertTrue(!ApiClient.ok(structured("{" + other + ",\"data\":1}")).has("duplicate"));
    String longSource = ATTRIBUTES.replace("/s", "/" + "x".repeat(300));
    ApiClient.ok(structured("{" + longSource + "}"));
    assertTrue(ApiClient.ok(structured("{" + longSource + "}")).has("duplicate"));
  }

  @Test
  void theExtensionTopicBeatsTheSubjectAndPartitionkeyIsTheKey() {
    ApiClient.ok(
        structured("{" + ATTRIBUTES + ",\"topic\":\"b\",\"partitionkey\":\"k\",\"data\":1}"));
    assertEquals("k", history("b").getFirst().get("key").asString());
    assertEquals(0, history("a").size());
  }

  @Test
  void aBatchIsAnsweredLikeAnArray() {
    String second = ATTRIBUTES.replace("\"id\":\"1\"", "\"id\":\"2\"");
    HttpResponse<String> all =
        batch("[{" + ATTRIBUTES + ",\"data\":1},{" + second + ",\"data\":2}]");
    assertEquals(2, ApiClient.ok(all).size());
    HttpResponse<String> some = batch("[{" + ATTRIBUTES + "},{\"specversion\":\"1.0\"}]");
    assertEquals(207, some.statusCode());
    assertRefusedAll(batch("[{\"specversion\":\"0.3\"}]"), "[0].specversion");
    assertEquals(400, batch("[]").statusCode());
    assertEquals(400, batch("{}").statusCode());
  }

  private static void assertRefusedAll(HttpResponse<String> answer, String field) {
    ApiClient.assertProblem("invalid-field", field, answer);
  }

  private HttpResponse<String> binary(String type, String body, String... headers) {
    return client.post("/v1/events", type, BodyPublishers.ofString(body), headers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json|[1.0]|[1.0]",
        "text/plain|hello|\"hello\"",
        "application/octet-stream|hello|\"aGVsbG8=\"",
      })
  void inBinaryModeTheBodyIsTheData(String type, String body, String data) {
    JsonNode answer =
        ApiClient.ok(
            binary(
                type,
                body,
                "ce-specversion",
                "1.0",
                "ce-id",
                "1",
                "ce-source",
                "/s",
                "ce-type",
                "caf%C3%A9",
                "ce-subject",
                "a"));
    assertEquals("a", answer.get("topic").asString());
    HttpResponse<String> history = client.get(ApiClient.topic("a") + "/events");
    assertTrue(history.body().contains("\"data\":" + data + "}"), history.body());
    assertEquals("café", history("a").getFirst().get("type").asString());
  }

  @Test
  void inBinaryModeWhatIsMissingIsRefused() {
    assertRefused(
        "invalid-field", "specversion", binary("application/json", "1", "ce-specversion", "2"));
    assertRefused("invalid-field", "", binary("application/json", "1", "ce-specversion", "1.0"));
    assertRefused(
        "invalid-field",
        "subject",
        binary(
            "application/json",
            "1",
            "ce-specversion",
            "1.0",
            "ce-id",
            "1",
            "ce-source",
            "/s",
            "ce-type",
            "t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{}",
        "{\"specversion\":1.0}",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"subject\":\"a\"}",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"no uri\",\"type\":\"t\",\"subject\":\"a\"}",
        "{" + ATTRIBUTES + ",\"id\":\"2\"}",
        "{" + ATTRIBUTES + ",\"ext\":{}}",
        "{" + ATTRIBUTES + ",\"NotAnAttribute\":\"x\"}",
        "{" + ATTRIBUTES + ",\"time\":\"yesterday\"}",
        "{" + ATTRIBUTES + ",\"data\":1,\"data_base64\":\"AA==\"}",
        "{" + ATTRIBUTES + ",\"data_base64\":\"!\"}",
        "{" + ATTRIBUTES + ",\"data_base64\":7}",
        "{" + ATTRIBUTES + ",\"datacontenttype\":\"rubbish\",\"data\":1}",
        "{" + ATTRIBUTES + ",\"topic\":\"a b\"}",
        "{" + ATTRIBUTES + ",\"ttlms\":\"0\"}",
        "{" + ATTRIBUTES + ",\"expirytime\":\"2001-01-01T00:00:00Z\"}",
      })
  void whatIsNoCloudEventIsRefused(String body) {
    HttpResponse<String> answer = structured(body);
    assertTrue(answer.statusCode() == 400 || answer.statusCode() == 415, answer.body());
    assertEquals(0, backplane.published().size());
  }
}
