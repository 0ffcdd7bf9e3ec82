/**
 * The REST API for backends: publish, read history, drop it. The contract is {@code openapi.yaml}
 * of this module; {@link io.edgepush.publisher.PublisherRoutes} serves it.
 */
package io.edgepush.publisher;
