/**
 * How much each client may: rates by resilience4j, numbers of what goes on at the same time, and
 * who a client behind proxies is.
 */
package io.edgepush.service.limits;
