package io.edgepush.publisher;

import io.edgepush.access.Action;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.TopicState;
import io.edgepush.model.Content;
import io.edgepush.model.Publication;
import io.edgepush.model.Quota;
import io.edgepush.model.Reach;
import io.edgepush.model.Topic;
import io.edgepush.wire.IdempotencyKeys;
import io.edgepush.wire.PublicationReader;
import io.edgepush.wire.ReachReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

/** {@code /v1/topics/{topic}} and dropping its history: what is about one topic as a whole. */
final class TopicRoutes {
  private final Backplane backplane;
  private final Access access;
  private final Publishing publishing;
  private final ToLongFunction<Topic> localSubscribers;

  TopicRoutes(
      Backplane backplane,
      Access access,
      Publishing publishing,
      ToLongFunction<Topic> localSubscribers) {
    this.backplane = backplane;
    this.access = access;
    this.publishing = publishing;
    this.localSubscribers = localSubscribers;
  }

  /** POST: publishes the body as it is. */
  Answer publish(Call call) {
    Topic topic = call.topic();
    Query query =
        call.query("type", "key", "toSession", "toSubject", "exclude", "ttlMs", "expiresAt");
    Reach reach = reach(query);
    MediaKind kind = MediaKind.of(call.request());
    access.require(call, Action.PUBLISH, topic);
    byte[] body = call.body();
    String type = query.text("type").orElse("");
    String key = query.text("key").orElse("");
    Content content =
        switch (kind) {
          case JSON ->
              new Content(type, key, Content.Encoding.JSON, PublicationReader.readData(body));
          case TEXT ->
              new Content(type, key, Content.Encoding.JSON, PublicationReader.quoteText(body));
          case BINARY -> new Content(type, key, Content.Encoding.BINARY, body);
        };
    Publication publication =
        new Publication(topic, content.withReach(reach), IdempotencyKeys.make(), false);
    Publication keyed = IdempotencyHeader.applied(call.request(), publication);
    Quota left = publishing.take(call, 1);
    return PublishAnswers.of(publishing.publish(call, keyed)).with(left);
  }

  private static Reach reach(Query query) {
    ReachReader reader = new ReachReader();
    query.text("toSession").ifPresent(reader::session);
    query.text("toSubject").ifPresent(reader::subject);
    query.text("exclude").ifPresent(reader::exclude);
    query.text("ttlMs").ifPresent(reader::ttlMs);
    query.text("expiresAt").ifPresent(reader::expiresAt);
    return reader.reach();
  }

  /** GET: what is known of the topic. */
  Answer state(Call call) {
    return state(call, Action.READ, backplane::state);
  }

  /** DELETE: drops its history. */
  Answer purge(Call call) {
    return state(call, Action.PURGE, backplane::purge);
  }

  private Answer state(Call call, Action action, Question question) {
    Topic topic = call.topic();
    call.query();
    access.require(call, action, topic);
    TopicState state = Waiting.on(question.ask(topic));
    String json =
        "{\"topic\":\""
            + topic
            + "\",\"last\":\""
            + state.last()
            + "\",\"retained\":"
            + state.retained()
            + ",\"localSubscribers\":"
            + localSubscribers.applyAsLong(topic)
            + "}";
    return Answer.fresh(json.getBytes(StandardCharsets.ISO_8859_1));
  }

  @FunctionalInterface
  private interface Question {
    CompletionStage<TopicState> ask(Topic topic);
  }
}
