package io.edgepush.model;

/**
 * A topic: 1–200 characters of printable ASCII without space, {@code "}, {@code \}, <code>*</code>,
 * <code>{</code> and <code>}</code>. {@code .}, {@code :} and {@code /} separate its segments.
 *
 * @param name the topic as clients write it
 */
public record Topic(String name) {
  /** The greatest length of a topic, in bytes. */
  public static final int MAX_LENGTH = 200;

  /**
   * Checks the name.
   *
   * @throws ProblemException {@link Problem.Code#INVALID_TOPIC} when it is not a topic
   */
  public Topic {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      throw invalid(
          "a topic has 1 to " + MAX_LENGTH + " characters, this one has " + name.length());
    }
    for (int i = 0; i < name.length(); i++) {
      if (!permitted(name.charAt(i))) {
        throw invalid(
            "character "
                + (i + 1)
                + " of the topic is not permitted; topics are printable ASCII without "
                + "space, \", \\, *, { and }");
      }
    }
  }

  /** Whether the character may stand in a topic. */
  static boolean permitted(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '*' && c != '{' && c != '}';
  }

  /** Whether the character separates segments. */
  static boolean separates(char c) {
    return c == '.' || c == ':' || c == '/';
  }

  /**
   * The partition this topic belongs to: CRC16 (XMODEM, as Redis Cluster hashes keys) of its bytes,
   * modulo the number of partitions.
   *
   * @param partitions the number of partitions of the deployment, at least 1
   */
  public int partition(int partitions) {
    return partitions == 1 ? 0 : Crc16.of(name) % partitions;
  }

  private static ProblemException invalid(String detail) {
    return Problem.of(Problem.Code.INVALID_TOPIC, "topic", detail).exception();
  }

  @Override
  public String toString() {
    return name;
  }
}
