/**
 * The runnable service: {@link io.edgepush.service.Main} reads the configuration and starts a
 * {@link io.edgepush.service.Node}.
 */
package io.edgepush.service;
