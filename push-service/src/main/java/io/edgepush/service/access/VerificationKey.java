package io.edgepush.service.access;

import io.helidon.security.jwt.jwk.Jwk;

/**
 * A key that is at hand, for one algorithm.
 *
 * @param algorithm what it verifies
 * @param id the {@code kid} of its tokens; empty for tokens without one
 * @param jwk verifies
 * @param origin what configuration says of it
 */
record VerificationKey(Algorithm algorithm, String id, Jwk jwk, TokenKey origin) {}
