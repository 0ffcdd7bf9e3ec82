package io.edgepush.publisher;

import io.edgepush.model.Quota;
import io.edgepush.wire.PublicationReader;
import io.edgepush.wire.PublicationReader.Body;
import io.edgepush.wire.PublicationReader.Item;

/** {@code /v1/events}: events with all that they have, one or many. */
final class EventRoutes {
  private final Publishing publishing;

  EventRoutes(Publishing publishing) {
    this.publishing = publishing;
  }

  /** POST: publishes an event or an array of events. */
  Answer publish(Call call) {
    call.query();
    if (MediaKind.of(call.request()) != MediaKind.JSON) {
      throw MediaKind.unsupported("events are sent as application/json");
    }
    Body body = PublicationReader.read(call.body());
    if (body.array()) {
      IdempotencyHeader.requireNone(call.request());
    }
    Quota left = publishing.take(call, body.items().size());
    return answer(call, body).with(left);
  }

  private Answer answer(Call call, Body body) {
    if (body.array()) {
      return PublishAnswers.of(publishing.publish(call.caller(), body.items()));
    }
    return switch (body.items().getFirst()) {
      case Item.Good good ->
          PublishAnswers.of(
              publishing.publish(
                  call.caller(), IdempotencyHeader.applied(call.request(), good.publication())));
      case Item.Bad bad -> throw bad.problem().exception();
    };
  }
}
