package io.edgepush.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.access.Action;
import io.edgepush.model.Topic;
import io.edgepush.service.access.PublisherKey;
import io.edgepush.service.config.ConfigReader;
import io.edgepush.service.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysCommandTest {
  @Test
  void theLinesAreReadAsTheyArePrinted(@TempDir Path directory) throws IOException {
    List<String> lines =
        KeysCommand.run(
            List.of(
                "new", "shop", "--scope", "orders.**", "--scope", "a:*", "--action", "publish"));
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            String.join("\n", lines)
                + "\nnamespaces: [{name: o, patterns: [a], anonymous-subscribe: true}]\n");
    PublisherKey key =
        ConfigReader.read(List.of("--config=" + file), Map.of()).publisherKeys().getFirst();
    String printed = lines.getFirst().replaceAll(".* ", "");
    assertEquals("shop", key.name());
    assertEquals(PublisherKey.sha256(printed), key.sha256());
    assertTrue(key.grants().permit(Action.PUBLISH, new Topic("orders.eu.1")));
    assertTrue(key.grants().permit(Action.PUBLISH, new Topic("a:b")));
    assertFalse(key.grants().permit(Action.PUBLISH, new Topic("invoices")));
    assertFalse(key.grants().permit(Action.READ, new Topic("a:b")));
    assertEquals(1, lines.stream().filter(l -> l.contains(printed)).count(), "shown once");
  }

  @Test
  void noTwoKeysAreTheSame() {
    List<String> arguments = List.of("new", "a");
    assertNotEquals(KeysCommand.run(arguments).getFirst(), KeysCommand.run(arguments).getFirst());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "new",
        "old a",
        "new a b",
        "new a --scope",
        "new a --scope *a",
        "new a --action all",
        "new a\"b",
        "new -"
      })
  void whatItCanNotDoIsSaid(String arguments) {
    List<String> given = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
    assertThrows(ConfigurationException.class, () -> KeysCommand.run(given));
  }
}
