package io.edgepush.service.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** What holds of every bad input, whatever the answer to it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BadInput {
  private LiveNode node;
  private String headBefore = "";

  @BeforeAll
  void start() throws IOException {
    node = LiveNode.development(options());
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @BeforeEach
  void noteTheHead() throws IOException {
    headBefore = node.head();
  }

  @AfterEach
  void nothingWasPublishedAndTheNodeServesOn() throws IOException {
    assertEquals(headBefore, node.head(), "nothing was published");
    node.serveOneEvent();
    assertNotEquals(headBefore, node.head(), "the head tells what is published");
  }

  String[] options() {
    return new String[0];
  }

  LiveNode node() {
    return node;
  }
}
