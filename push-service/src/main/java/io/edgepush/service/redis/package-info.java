/**
 * The backplane over Redis: a script stores, orders and publishes events; one connection publishes,
 * one reads, one subscribes; a feed for each partition brings what comes into order and catches up
 * what was missed.
 */
package io.edgepush.service.redis;
