package io.edgepush.service.access;

/**
 * How much may be tried in vain at the private port before an answer is 429; 0 is off.
 *
 * @param refusalsPerMinute credentials of one address that are refused
 * @param forbiddenPerMinute requests of one key or token from one address for what it may not do
 */
public record ProbeLimits(int refusalsPerMinute, int forbiddenPerMinute) {
  /** Of those who say nothing else. */
  public static final ProbeLimits DEFAULT = new ProbeLimits(30, 300);
}
