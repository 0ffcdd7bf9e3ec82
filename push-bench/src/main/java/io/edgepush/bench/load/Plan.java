package io.edgepush.bench.load;

/**
 * What to do to which deployment.
 *
 * @param target the deployment
 * @param crowd the subscribers
 * @param traffic the events
 */
public record Plan(Target target, Crowd crowd, Traffic traffic) {

  /**
   * Checks that the deployment can do it.
   *
   * @throws IllegalArgumentException names the option at fault
   */
  public Plan {
    if (target.broadcast()) {
      require(traffic.batch() == 1, "--batch: the baseline takes one event a call");
      require(crowd.transport() != Transport.POLL, "--transport: the baseline has no long-poll");
      require(crowd.topics() == 1, "--topics: the baseline sends everything to everybody");
    }
  }

  /** As many deliveries a second on a bare broadcast server, of one topic. */
  public Plan onBaseline(Target baseline) {
    double share = (double) crowd.topicsPerConnection() / crowd.topics();
    return new Plan(baseline, crowd.onOneTopic(), traffic.at(traffic.rate() * share));
  }

  /** The same against another deployment. */
  public Plan on(Target other) {
    return new Plan(other, crowd, traffic);
  }

  /** The same with other events. */
  public Plan with(Traffic other) {
    return new Plan(target, crowd, other);
  }

  static void require(boolean met, String otherwise) {
    if (!met) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
