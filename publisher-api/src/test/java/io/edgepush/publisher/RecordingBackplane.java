package io.edgepush.publisher;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.backplane.Published;
import io.edgepush.backplane.Replay;
import io.edgepush.backplane.TopicState;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Revocation;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** A memory backplane that notes what is published and fails when it is told to. */
final class RecordingBackplane implements Backplane {
  private final List<Publication> published = new CopyOnWriteArrayList<>();
  private volatile Function<Publication, CompletionStage<Published>> fault = _ -> null;
  private volatile Supplier<CompletionStage<?>> readFault = () -> null;
  private final Backplane real;

  RecordingBackplane(Retention retention) {
    real = new MemoryBackplane(1, _ -> retention, InstantSource.system());
    start(
        new Listener() {
          @Override
          public void onEvent(Event event) {}

          @Override
          public void onGap(Gap gap) {}
        });
  }

  RecordingBackplane() {
    this(new Retention(Duration.ofMinutes(2), 1_000, 32L << 20));
  }

  /** What came through and was passed on, in order. */
  List<Publication> published() {
    return published;
  }

  /**
   * From now on publications for which there is a stage get it, and nothing is stored; the others
   * go on.
   */
  void failPublishes(Function<Publication, CompletionStage<Published>> stage) {
    fault = stage;
  }

  /** From now on everything else gets this stage. */
  void failReads(Supplier<CompletionStage<?>> stage) {
    readFault = stage;
  }

  @Override
  public int partitions() {
    return real.partitions();
  }

  @Override
  public void start(Listener listener) {
    real.start(listener);
  }

  @Override
  public List<CompletionStage<Published>> publish(List<Publication> publications) {
    return publications.stream().map(this::publish).toList();
  }

  private CompletionStage<Published> publish(Publication publication) {
    CompletionStage<Published> failed = fault.apply(publication);
    if (failed != null) {
      return failed;
    }
    published.add(publication);
    return real.publish(List.of(publication)).getFirst();
  }

  @Override
  public CompletionStage<Attached> attach(Topic topic) {
    return real.attach(topic);
  }

  @Override
  public void detach(Topic topic) {
    real.detach(topic);
  }

  @Override
  public CompletionStage<Replay> replay(Topic topic, Position after, int limit) {
    return read(() -> real.replay(topic, after, limit));
  }

  @Override
  public CompletionStage<Replay> latest(Topic topic, int limit) {
    return read(() -> real.latest(topic, limit));
  }

  @Override
  public CompletionStage<TopicState> state(Topic topic) {
    return read(() -> real.state(topic));
  }

  @Override
  public CompletionStage<TopicState> purge(Topic topic) {
    return read(() -> real.purge(topic));
  }

  @SuppressWarnings("unchecked")
  private <T> CompletionStage<T> read(Supplier<CompletionStage<T>> answer) {
    CompletionStage<?> failed = readFault.get();
    return failed == null ? answer.get() : failed.thenApply(none -> (T) none);
  }

  @Override
  public CompletionStage<Void> revoke(Revocation revocation) {
    return real.revoke(revocation);
  }

  @Override
  public CompletionStage<Void> check() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    real.close();
  }
}
