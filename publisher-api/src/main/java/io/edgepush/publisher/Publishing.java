package io.edgepush.publisher;

import io.edgepush.access.Action;
import io.edgepush.access.Principal;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.hub.PublishQuota;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import io.edgepush.model.Quota;
import io.edgepush.wire.PublicationReader.Item;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Publishes the events of one request that may be published, and tells what became of each. Safe
 * for any thread.
 */
final class Publishing {
  private static final System.Logger LOG = System.getLogger(Publishing.class.getName());

  private final Backplane backplane;
  private final Access access;
  private final PublishQuota quota;

  Publishing(Backplane backplane, Access access, PublishQuota quota) {
    this.quota = quota;
    this.backplane = backplane;
    this.access = access;
  }

  /**
   * Takes note of events that are about to be published.
   *
   * @throws ProblemException when there are too many
   */
  Quota take(Call call, int events) {
    return quota.take(call.caller(), call.peer(), events);
  }

  /** Publishes one event. Blocks until it is stored. */
  Outcome publish(Call call, Publication publication) {
    Optional<Problem> refusal = access.refusal(call.caller(), Action.PUBLISH, publication.topic());
    if (refusal.isPresent()) {
      access.forbidden(call);
      return new Outcome.Failed(refusal.get());
    }
    return store(List.of(publication)).getFirst();
  }

  /**
   * Publishes the good ones of an array that the caller may publish. Blocks until all are stored.
   *
   * @return the outcome of each, in the order of the items
   */
  List<Outcome> publish(Call call, List<Item> items) {
    List<Publication> permitted = new ArrayList<>(items.size());
    List<Optional<Problem>> refusals = new ArrayList<>(items.size());
    boolean forbidden = false;
    for (Item item : items) {
      refusals.add(
          switch (item) {
            case Item.Bad bad -> Optional.of(bad.problem());
            case Item.Good good -> refusal(call.caller(), good.publication(), refusals.size());
          });
      if (refusals.getLast().isEmpty() && item instanceof Item.Good(Publication publication)) {
        permitted.add(publication);
      }
      forbidden |= refusals.getLast().isPresent() && item instanceof Item.Good;
    }
    if (forbidden) {
      access.forbidden(call);
    }
    List<Outcome> stored = permitted.isEmpty() ? List.of() : store(permitted);
    List<Outcome> outcomes = new ArrayList<>(items.size());
    int next = 0;
    for (Optional<Problem> refusal : refusals) {
      outcomes.add(refusal.isPresent() ? new Outcome.Failed(refusal.get()) : stored.get(next++));
    }
    return outcomes;
  }

  private Optional<Problem> refusal(Principal caller, Publication publication, int index) {
    return access
        .refusal(caller, Action.PUBLISH, publication.topic())
        .map(p -> p.at("[" + index + "].topic"));
  }

  private List<Outcome> store(List<Publication> publications) {
    List<CompletionStage<Published>> stages;
    try {
      stages = backplane.publish(publications);
    } catch (BackplaneException e) {
      return publications.stream().map(p -> failed(p, e)).toList();
    }
    List<Outcome> outcomes = new ArrayList<>(publications.size());
    for (int i = 0; i < stages.size(); i++) {
      outcomes.add(outcome(publications.get(i), stages.get(i)));
    }
    return outcomes;
  }

  private static Outcome outcome(Publication publication, CompletionStage<Published> stage) {
    try {
      Published published = Waiting.on(stage);
      return new Outcome.Stored(published.id(), publication.topic(), published.duplicate());
    } catch (BackplaneException e) {
      return failed(publication, e);
    } catch (ProblemException e) {
      return new Outcome.Failed(e.problem());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "publishing failed", e);
      return new Outcome.Failed(Problems.internal());
    }
  }

  private static Outcome failed(Publication publication, BackplaneException fault) {
    String detail;
    if (!fault.outcomeUnknown()) {
      detail = "the event store cannot be reached now; the event was not stored";
    } else if (publication.keyGiven()) {
      detail = "whether the event was stored is not known; a repeat with the same id is safe";
    } else {
      detail = "whether the event was stored is not known; with an id, a repeat would be safe";
    }
    return new Outcome.Failed(
        Problem.retryable(Code.UNAVAILABLE, detail, Problems.retryAfterMs(fault)));
  }
}
