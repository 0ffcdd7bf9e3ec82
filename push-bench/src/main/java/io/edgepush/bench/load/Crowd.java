package io.edgepush.bench.load;

/**
 * The subscribers.
 *
 * @param transport how they connect
 * @param connections how many
 * @param connectRate how many of them a second; 0 for all at once
 * @param topics how many topics there are
 * @param topicsPerConnection how many of them each subscribes
 * @param threads that read them
 * @param stuck how many besides subscribe and then never read
 */
public record Crowd(
    Transport transport,
    int connections,
    double connectRate,
    int topics,
    int topicsPerConnection,
    int threads,
    int stuck) {
  private static final int TOPICS_IN_A_URL = 100;
  private static final int MAX_TOPICS = 100_000;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException names the option at fault
   */
  public Crowd {
    int most = Math.min(topics, TOPICS_IN_A_URL);
    Plan.require(connections >= 0, "--connections: 0 or more");
    Plan.require(connectRate >= 0, "--connect-rate: 0 or more");
    Plan.require(topics >= 1 && topics <= MAX_TOPICS, "--topics: 1 to " + MAX_TOPICS);
    Plan.require(
        topicsPerConnection >= 1 && topicsPerConnection <= most,
        "--topics-per-connection: 1 to " + most);
    Plan.require(threads >= 1, "--threads: 1 or more");
    Plan.require(stuck >= 0, "--stuck: 0 or more");
  }

  /** As many subscribers on one topic. */
  public Crowd onOneTopic() {
    return new Crowd(transport, connections, connectRate, 1, 1, threads, stuck);
  }

  /** The same, of another number. */
  public Crowd of(int number) {
    return new Crowd(transport, number, connectRate, topics, topicsPerConnection, threads, stuck);
  }
}
