package io.edgepush.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Revocation;
import io.edgepush.model.Revocation.Kind;
import io.edgepush.model.Topic;
import io.edgepush.model.TopicPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrantsTest {
  @Test
  void anActionIsPermittedWithTheTopicsOfItsPatternsOnly() {
    Grants grants =
        new Grants(
            Map.of(
                Action.SUBSCRIBE, List.of(new TopicPattern("a.*"), new TopicPattern("b")),
                Action.PUBLISH, List.of()));
    assertTrue(grants.permit(Action.SUBSCRIBE, new Topic("a.1")));
    assertTrue(grants.permit(Action.SUBSCRIBE, new Topic("b")));
    assertFalse(grants.permit(Action.SUBSCRIBE, new Topic("c")));
    assertFalse(grants.permit(Action.PUBLISH, new Topic("a.1")));
    assertFalse(grants.permit(Action.PUBLISH), "no topic at all");
    assertFalse(Grants.NONE.permit(Action.READ));
  }

  @Test
  void aRevocationIsReadAsItIsWritten() {
    Revocation revocation = new Revocation(Kind.SUBJECT, "a b:c é", 5, 7);
    assertEquals(Optional.of(revocation), Revocation.parse(revocation.text(), 7));
    for (String bad : new String[] {"", "X 1 a", "S x a", "S 1", "S 1 "}) {
      assertEquals(Optional.empty(), Revocation.parse(bad, 7), bad);
    }
  }
}
