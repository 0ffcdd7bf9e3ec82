/**
 * The seam between nodes: stores events, orders them, fans them out and replays them. {@link
 * io.edgepush.backplane.MemoryBackplane} serves one node; Redis serves any number and lives in the
 * service module.
 */
package io.edgepush.backplane;
