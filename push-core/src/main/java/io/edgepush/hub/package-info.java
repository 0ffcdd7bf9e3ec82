/**
 * The middle of the line: {@link io.edgepush.hub.Hub} takes events from the backplane to the
 * sessions that subscribed their topic; each {@link io.edgepush.hub.Session} has an {@link
 * io.edgepush.hub.Outbox} that a drainer empties into its {@link io.edgepush.hub.Transport}.
 */
package io.edgepush.hub;
