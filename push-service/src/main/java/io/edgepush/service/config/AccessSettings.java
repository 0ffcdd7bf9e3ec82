package io.edgepush.service.config;

import io.edgepush.fallbacks.Origins;
import io.edgepush.service.access.ProbeLimits;
import io.edgepush.service.access.TokenKey;
import java.time.Duration;
import java.util.List;

/**
 * Who may come in.
 *
 * @param tokenKeys whose tokens are accepted
 * @param leeway how much clocks may differ
 * @param lifetime how long a token may be valid
 * @param warning how long before its end the holder of a token is told
 * @param refresh how often keys are read again
 * @param cookie the cookie that may hold a token; empty for none
 * @param origins the web origins that may use the public port
 * @param probes how much may be tried in vain
 */
public record AccessSettings(
    List<TokenKey> tokenKeys,
    Duration leeway,
    Duration lifetime,
    Duration warning,
    Duration refresh,
    String cookie,
    Origins origins,
    ProbeLimits probes) {
  /** Copies the list. */
  public AccessSettings {
    tokenKeys = List.copyOf(tokenKeys);
  }
}
