/**
 * The load itself: subscribers on a few selector threads, publishers by a schedule, and the account
 * of what arrived. Nothing in here allocates for a delivery.
 */
package io.edgepush.bench.load;
