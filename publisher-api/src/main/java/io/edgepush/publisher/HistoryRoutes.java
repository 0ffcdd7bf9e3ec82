package io.edgepush.publisher;

import io.edgepush.access.Action;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.Replay;
import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Reach;
import io.edgepush.model.Topic;
import io.edgepush.wire.EventJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code GET /v1/topics/{topic}/events}: what is retained of a topic, page by page. */
final class HistoryRoutes {
  /** An answer ends early behind the event that takes it over this many bytes. */
  static final int MAX_ANSWER_BYTES = 4 << 20;

  private static final int MAX_EVENTS = 1_000;
  private static final int DEFAULT_EVENTS = 100;

  /**
   * Of no epoch that there is (real ones are longer), so a replay behind it begins with the oldest
   * retained event.
   */
  private static final Position BEFORE_ALL = Position.start("0");

  private final Backplane backplane;
  private final Access access;

  HistoryRoutes(Backplane backplane, Access access) {
    this.backplane = backplane;
    this.access = access;
  }

  /** GET: retained events behind a position, oldest first. */
  Answer read(Call call) {
    Topic topic = call.topic();
    Query query = call.query("after", "limit");
    int events = query.number("limit", 1, MAX_EVENTS, DEFAULT_EVENTS);
    Optional<Position> after = query.text("after").map(text -> position(text, topic));
    access.require(call, Action.READ, topic);
    Replay replay = Waiting.on(backplane.replay(topic, after.orElse(BEFORE_ALL), events));
    return Answer.fresh(page(replay, after.isPresent() ? replay.gap() : Optional.empty()));
  }

  private Position position(String after, Topic topic) {
    int partition = topic.partition(backplane.partitions());
    try {
      return Cursor.parse(after)
          .position(partition)
          .orElseThrow(
              () ->
                  Problem.of(
                          Code.INVALID_CURSOR,
                          "after",
                          "it names no position in the topic's partition, " + partition)
                      .exception());
    } catch (ProblemException e) {
      throw e.problem().at("after").exception();
    }
  }

  private static byte[] page(Replay replay, Optional<Gap> gap) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    append(out, "{\"events\":[");
    int read = 0;
    int written = 0;
    for (Event event : replay.events()) {
      if (out.size() > MAX_ANSWER_BYTES) {
        break;
      }
      read++;
      if (!isForAll(event)) {
        continue;
      }
      append(out, written == 0 ? "" : ",");
      out.writeBytes(EventJson.encode(event));
      written++;
    }
    boolean cut = read < replay.events().size();
    Position upTo = cut ? replay.events().get(read - 1).position() : replay.upTo();
    append(out, "],\"cursor\":\"" + new EventId(replay.partition(), upTo) + "\",\"gap\":");
    gap.ifPresentOrElse(g -> out.writeBytes(EventJson.encode(g)), () -> append(out, "null"));
    append(out, ",\"more\":" + (cut || replay.more()) + "}");
    return out.toByteArray();
  }

  /** What is for one session or subject is nobody else's to read. */
  private static boolean isForAll(Event event) {
    Reach reach = event.content().reach();
    return !reach.targeted() && !reach.expired(System.currentTimeMillis());
  }

  private static void append(ByteArrayOutputStream out, String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }
}
