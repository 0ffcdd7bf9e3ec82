/**
 * Load shedding: what a node that has too much to do stops doing, in which order, and when it takes
 * it up again.
 */
package io.edgepush.service.shedding;
