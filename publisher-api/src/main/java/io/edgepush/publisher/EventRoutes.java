package io.edgepush.publisher;

import io.edgepush.model.Publication;
import io.edgepush.model.Quota;
import io.edgepush.wire.PublicationReader;
import io.edgepush.wire.PublicationReader.Body;
import io.edgepush.wire.PublicationReader.Item;
import java.util.List;

/** {@code /v1/events}: events with all that they have, one or many, in several formats. */
final class EventRoutes {
  private final Publishing publishing;

  EventRoutes(Publishing publishing) {
    this.publishing = publishing;
  }

  /** POST: publishes what the media type says it is. */
  Answer publish(Call call) {
    call.query();
    return switch (MediaKind.name(call.request())) {
      case CloudEvents.STRUCTURED -> one(call, CloudEvents.structured(call.body()));
      case CloudEvents.BATCH -> {
        IdempotencyHeader.requireNone(call.request());
        yield many(call, CloudEvents.batch(call.body()));
      }
      case "application/x-ndjson", "application/ndjson" -> {
        IdempotencyHeader.requireNone(call.request());
        yield new EventStream(publishing, call).publish();
      }
      default ->
          CloudEvents.isBinary(call.request())
              ? one(call, CloudEvents.binary(call.request(), call.body()))
              : json(call);
    };
  }

  private Answer json(Call call) {
    if (MediaKind.of(call.request()) != MediaKind.JSON) {
      throw MediaKind.unsupported(
          "events are sent as application/json, application/x-ndjson or CloudEvents");
    }
    Body body = PublicationReader.read(call.body());
    if (body.array()) {
      IdempotencyHeader.requireNone(call.request());
      return many(call, body.items());
    }
    return switch (body.items().getFirst()) {
      case Item.Good good -> one(call, good.publication());
      case Item.Bad bad -> throw bad.problem().exception();
    };
  }

  private Answer many(Call call, List<Item> items) {
    Quota left = publishing.take(call, items.size());
    return PublishAnswers.of(publishing.publish(call, items)).with(left);
  }

  private Answer one(Call call, Publication publication) {
    Publication keyed = IdempotencyHeader.applied(call.request(), publication);
    Quota left = publishing.take(call, 1);
    return PublishAnswers.of(publishing.publish(call, keyed)).with(left);
  }
}
