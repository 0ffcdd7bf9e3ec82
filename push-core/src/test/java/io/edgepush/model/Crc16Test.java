package io.edgepush.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Crc16Test {
  /**
   * The first is the check value of the algorithm, the slots are what {@code CLUSTER KEYSLOT} of
   * Redis answers.
   */
  @ParameterizedTest
  @CsvSource({"123456789, 0x31C3", "A, 0x58E5", "foo, 0xAF96"})
  void theChecksumIsThatOfXmodem(String text, String checksum) {
    assertEquals(Integer.decode(checksum), Crc16.of(text));
  }

  @Test
  void theChecksumOfNothingIsZero() {
    assertEquals(0, Crc16.of(""));
  }
}
