package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Quota;
import io.edgepush.wire.ProblemJson;
import io.edgepush.wire.PublicationReader;
import io.edgepush.wire.PublicationReader.Item;
import io.helidon.http.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stream of events, one a line. What has come is published before more is read, so a sender is
 * never faster than the store. The answer is a summary at the end: most clients do not read while
 * they send, and could not take an answer for each line then. For one request.
 */
final class EventStream {
  /** The longest line: an event's data, base64, and its names. */
  static final int MAX_LINE_BYTES = 256 * 1024;

  private static final int READ_BYTES = 16 * 1024;
  private static final int MOST_ERRORS = 100;

  private final Publishing publishing;
  private final Call call;
  private final List<byte[]> lines = new ArrayList<>();
  private final List<Long> numbers = new ArrayList<>();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private byte[] begun = new byte[READ_BYTES];
  private int begunBytes;
  private long lineNumber;
  private long stored;
  private long duplicates;
  private long failed;
  private Problem first;
  private boolean complete = true;
  private Quota left = Quota.NONE;

  EventStream(Publishing publishing, Call call) {
    this.publishing = publishing;
    this.call = call;
  }

  /** Reads, publishes and answers. Blocks until the stream ends. */
  Answer publish() {
    return RequestBody.reading(call.request(), this::publishAll);
  }

  private Answer publishAll(InputStream in) throws IOException {
    byte[] buffer = new byte[READ_BYTES];
    int read = 0;
    while (complete && read >= 0) {
      read = in.read(buffer);
      if (read > 0) {
        split(buffer, read);
      } else if (read < 0 && begunBytes > 0) {
        endLine();
      }
      publishLines();
    }
    return answer();
  }

  private void split(byte[] buffer, int length) {
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        endLine();
      } else if (begunBytes == MAX_LINE_BYTES) {
        lineNumber++;
        fail(
            lineNumber,
            Problem.of(Code.TOO_LARGE, "a line has at most " + MAX_LINE_BYTES + " bytes"));
        complete = false;
        return;
      } else {
        if (begunBytes == begun.length) {
          begun = Arrays.copyOf(begun, Math.min(MAX_LINE_BYTES, begunBytes * 2));
        }
        begun[begunBytes++] = buffer[i];
      }
    }
  }

  private void endLine() {
    lineNumber++;
    byte[] line = Arrays.copyOf(begun, begunBytes);
    begunBytes = 0;
    if (!new String(line, StandardCharsets.ISO_8859_1).isBlank()) {
      lines.add(line);
      numbers.add(lineNumber);
    }
  }

  private void publishLines() {
    for (int from = 0; from < lines.size(); from += PublicationReader.MAX_EVENTS) {
      int to = Math.min(lines.size(), from + PublicationReader.MAX_EVENTS);
      if (complete) {
        publish(lines.subList(from, to), numbers.subList(from, to));
      }
    }
    lines.clear();
    numbers.clear();
  }

  private void publish(List<byte[]> some, List<Long> theirNumbers) {
    try {
      left = publishing.take(call, some.size());
    } catch (ProblemException e) {
      fail(theirNumbers.getFirst(), e.problem());
      complete = false;
      return;
    }
    List<Item> items = some.stream().map(EventStream::item).toList();
    List<Outcome> outcomes = publishing.publish(call, items);
    for (int i = 0; i < outcomes.size(); i++) {
      switch (outcomes.get(i)) {
        case Outcome.Stored s -> {
          stored++;
          duplicates += s.duplicate() ? 1 : 0;
        }
        case Outcome.Failed f -> {
          fail(theirNumbers.get(i), withoutIndex(f.problem(), i));
          complete &= f.problem().code() != Code.UNAVAILABLE;
        }
      }
    }
  }

  private static Item item(byte[] line) {
    try {
      return new Item.Good(PublicationReader.readEvent(line, 0, line.length));
    } catch (ProblemException e) {
      return new Item.Bad(e.problem());
    }
  }

  /** The line says where it is. */
  private static Problem withoutIndex(Problem problem, int index) {
    String place = "[" + index + "].";
    return problem.field().startsWith(place)
        ? problem.at(problem.field().substring(place.length()))
        : problem;
  }

  private void fail(long line, Problem problem) {
    failed++;
    first = first == null ? problem : first;
    if (failed <= MOST_ERRORS) {
      append((failed == 1 ? "" : ",") + "{\"line\":" + line + ",\"error\":");
      errors.writeBytes(ProblemJson.encode(problem));
      append("}");
    }
  }

  private void append(String ascii) {
    errors.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private Answer answer() {
    if (stored == 0 && failed == 0) {
      throw Problem.of(Code.INVALID_FIELD, "at least one event is needed").exception();
    }
    Answer answer = stored == 0 ? Answer.problem(first) : summary();
    Answer told = first != null && first.quota().given() ? answer : answer.with(left);
    return complete ? told : told.asLast();
  }

  private Answer summary() {
    String head =
        "{\"lines\":"
            + lineNumber
            + ",\"stored\":"
            + stored
            + ",\"duplicates\":"
            + duplicates
            + ",\"failed\":"
            + failed
            + ",\"complete\":"
            + complete
            + ",\"errors\":[";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(errors.toByteArray());
    out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
    return Answer.json(failed == 0 ? Status.OK_200 : Status.MULTI_STATUS_207, out.toByteArray());
  }
}
