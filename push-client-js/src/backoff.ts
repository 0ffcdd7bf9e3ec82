/** When to try again. */

/**
 * Exponential back-off with full jitter: a random part of a bound that doubles with every attempt.
 *
 * @param attempt 0 for the first
 * @param bounds first and greatest, in milliseconds
 * @returns milliseconds
 */
export function backoff(attempt: number, [first, greatest]: readonly [number, number]): number {
  return Math.random() * Math.min(greatest, first * 2 ** attempt);
}
