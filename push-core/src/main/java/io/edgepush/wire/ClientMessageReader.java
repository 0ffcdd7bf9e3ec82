package io.edgepush.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.edgepush.model.Cursor;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads one client message of docs/PROTOCOL.md, strictly. One instance a message; for one thread.
 */
public final class ClientMessageReader {
  /** The most topics that one message may name. */
  public static final int MAX_TOPICS = 1_000;

  private static final long MAX_REF = (1L << 53) - 1;
  private static final int MAX_TOKEN = 16 * 1024;
  private static final int MAX_SHOWN_NAME = 40;

  private enum Member {
    TYPE,
    REF,
    TOPICS,
    CURSOR,
    REPLAY,
    TOKEN,
    EVENT
  }

  private enum Type {
    SUBSCRIBE,
    UNSUBSCRIBE,
    PUBLISH,
    AUTH,
    PING;

    boolean has(Member member) {
      return switch (member) {
        case TYPE, REF -> true;
        case TOPICS -> this == SUBSCRIBE || this == UNSUBSCRIBE;
        case CURSOR, REPLAY -> this == SUBSCRIBE;
        case EVENT -> this == PUBLISH;
        case TOKEN -> this == AUTH;
      };
    }
  }

  private final byte[] message;
  private final Set<Member> present = EnumSet.noneOf(Member.class);
  private final Set<Topic> topics = new LinkedHashSet<>();
  private String type = "";
  private long ref = ServerMessage.NO_REF;
  private Cursor cursor = Cursor.EMPTY;
  private int replay;
  private String token = "";
  private int eventFrom;
  private int eventTo;

  /** Prepares to read. */
  public ClientMessageReader(byte[] message) {
    this.message = message;
  }

  /**
   * The message's {@code ref}, as far as it could be read: for the answer to a message that is
   * refused.
   */
  public long ref() {
    return ref;
  }

  /**
   * Reads the message.
   *
   * @throws ProblemException names what is wrong
   */
  public ClientMessage read() {
    JsonText.read(
        message,
        0,
        message.length,
        in -> {
          if (in.currentToken() != JsonToken.START_OBJECT) {
            throw Problem.of(Code.MALFORMED, "a message is a JSON object").exception();
          }
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            readMember(in);
          }
          return this;
        });
    return assemble();
  }

  private void readMember(JsonParser in) throws IOException {
    Member member = member(in.currentName());
    present.add(member);
    JsonToken value = in.nextToken();
    switch (member) {
      case TYPE -> type = text(in, value, "type");
      case REF -> ref = number(in, value, "ref", MAX_REF);
      case TOPICS -> readTopics(in, value);
      case CURSOR -> cursor = Cursor.parse(text(in, value, "cursor"));
      case REPLAY -> replay = (int) number(in, value, "replay", Start.MAX_REPLAY);
      case TOKEN -> token = text(in, value, "token");
      case EVENT -> {
        require(value == JsonToken.START_OBJECT, "event", "event is an object");
        eventFrom = (int) in.currentTokenLocation().getByteOffset();
        in.skipChildren();
        eventTo = (int) in.currentLocation().getByteOffset();
      }
    }
  }

  private void readTopics(JsonParser in, JsonToken value) throws IOException {
    require(value == JsonToken.START_ARRAY, "topics", "topics is an array of topics");
    List<Topic> read = new ArrayList<>();
    for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
      String place = "topics[" + read.size() + "]";
      require(read.size() < MAX_TOPICS, "topics", "at most " + MAX_TOPICS + " topics a message");
      try {
        read.add(new Topic(text(in, t, place)));
      } catch (ProblemException e) {
        throw e.problem().at(place).exception();
      }
    }
    require(!read.isEmpty(), "topics", "at least one topic is needed");
    topics.addAll(read);
  }

  private ClientMessage assemble() {
    require(present.contains(Member.TYPE), "type", "type is missing");
    Type kind = kind();
    for (Member member : present) {
      if (!kind.has(member)) {
        throw unknown(name(member));
      }
    }
    return switch (kind) {
      case SUBSCRIBE ->
          new ClientMessage.Subscribe(
              ref,
              requireTopics(),
              cursor.isEmpty() ? new Start.Latest(replay) : new Start.Behind(cursor));
      case UNSUBSCRIBE -> new ClientMessage.Unsubscribe(ref, requireTopics());
      case PUBLISH -> {
        require(present.contains(Member.EVENT), "event", "event is missing");
        yield new ClientMessage.Publish(ref, readEvent());
      }
      case AUTH -> {
        require(
            !token.isEmpty() && token.length() <= MAX_TOKEN,
            "token",
            "token has 1 to 16,384 characters");
        yield new ClientMessage.Auth(ref, token);
      }
      case PING -> new ClientMessage.Ping(ref);
    };
  }

  private Publication readEvent() {
    try {
      return PublicationReader.readEvent(message, eventFrom, eventTo);
    } catch (ProblemException e) {
      Problem problem = e.problem();
      throw problem
          .at(problem.field().isEmpty() ? "event" : "event." + problem.field())
          .exception();
    }
  }

  private List<Topic> requireTopics() {
    require(present.contains(Member.TOPICS), "topics", "topics is missing");
    return List.copyOf(topics);
  }

  private Type kind() {
    for (Type t : Type.values()) {
      if (t.name().toLowerCase(Locale.ROOT).equals(type)) {
        return t;
      }
    }
    throw Problem.of(
            Code.INVALID_FIELD,
            "type",
            "type is one of subscribe, unsubscribe, publish, auth, ping")
        .exception();
  }

  private static Member member(String name) {
    for (Member m : Member.values()) {
      if (name(m).equals(name)) {
        return m;
      }
    }
    throw unknown(name);
  }

  private static String name(Member member) {
    return member.name().toLowerCase(Locale.ROOT);
  }

  private static ProblemException unknown(String name) {
    return Problem.of(
            Code.UNKNOWN_FIELD,
            JsonText.shortened(name, MAX_SHOWN_NAME),
            "this message has no such member")
        .exception();
  }

  private static String text(JsonParser in, JsonToken value, String field) throws IOException {
    require(value == JsonToken.VALUE_STRING, field, field + " is a string");
    return in.getText();
  }

  private static long number(JsonParser in, JsonToken value, String field, long max)
      throws IOException {
    boolean integer =
        value == JsonToken.VALUE_NUMBER_INT
            && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    long number = integer ? in.getLongValue() : -1;
    require(number >= 0 && number <= max, field, field + " is an integer from 0 to " + max);
    return number;
  }

  private static void require(boolean condition, String field, String detail) {
    if (!condition) {
      throw Problem.of(Code.INVALID_FIELD, field, detail).exception();
    }
  }
}
