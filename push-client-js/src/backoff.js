/** When to try again. */

/**
 * Exponential back-off with full jitter: a random part of a bound that doubles with every attempt.
 *
 * @param {number} attempt 0 for the first
 * @param {readonly [number, number]} bounds first and greatest, in milliseconds
 * @returns {number} milliseconds
 */
export function backoff(attempt, [first, greatest]) {
  return Math.random() * Math.min(greatest, first * 2 ** attempt);
}

/**
 * `Retry-After` as milliseconds from now: seconds or a date (RFC 9110 §10.2.3).
 *
 * @param {string | null} value
 * @returns {number | undefined} undefined when there is none that can be read
 */
export function retryAfterMs(value) {
  const ms = value && /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value ?? '') - Date.now();
  return ms >= 0 ? ms : undefined;
}
