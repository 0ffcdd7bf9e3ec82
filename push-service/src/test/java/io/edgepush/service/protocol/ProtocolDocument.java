package io.edgepush.service.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** docs/PROTOCOL.md: its fenced blocks and its tables. */
final class ProtocolDocument {
  private static final List<String> LINES = read();

  /**
   * A fenced block.
   *
   * @param kind what stands behind the fence
   * @param text every line with its end
   * @param line where it begins, from 1
   */
  record Block(String kind, String text, int line) {
    /** The only line of a block. */
    String single() {
      if (text.indexOf('\n') != text.length() - 1) {
        throw new AssertionError("one line is expected in the block at line " + line);
      }
      return text.substring(0, text.length() - 1);
    }

    @Override
    public String toString() {
      return kind + " at line " + line;
    }
  }

  private ProtocolDocument() {}

  /** All blocks. */
  static List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i < LINES.size(); i++) {
      if (LINES.get(i).startsWith("```") && begin < 0) {
        begin = i;
      } else if (LINES.get(i).startsWith("```")) {
        String text =
            String.join("", LINES.subList(begin + 1, i).stream().map(l -> l + "\n").toList());
        blocks.add(new Block(LINES.get(begin).substring(3), text, begin + 1));
        begin = -1;
      }
    }
    return blocks;
  }

  /** The blocks of a kind; at least one. */
  static List<Block> blocks(String kind) {
    List<Block> found = blocks().stream().filter(b -> b.kind().equals(kind)).toList();
    if (found.isEmpty()) {
      throw new AssertionError("there is no block of the kind " + kind);
    }
    return found;
  }

  /**
   * The rows of the first table behind a heading, without its head, as the cells' text without
   * back-quotes.
   */
  static List<List<String>> table(String heading) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : LINES.subList(LINES.indexOf("## " + heading) + 1, LINES.size())) {
      if (line.startsWith("|")) {
        rows.add(
            Arrays.stream(line.split("\\|"))
                .skip(1)
                .map(cell -> cell.strip().replace("`", ""))
                .toList());
      } else if (!rows.isEmpty()) {
        break;
      }
    }
    return rows.subList(2, rows.size());
  }

  private static List<String> read() {
    Path path = Path.of("..", "docs", "PROTOCOL.md");
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException("tests run in the folder of their module", e);
    }
  }
}
