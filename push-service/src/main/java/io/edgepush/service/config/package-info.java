/**
 * Configuration: every key of docs/CONFIGURATION.md as an option, an environment variable or a line
 * of a YAML file, checked before anything starts.
 */
package io.edgepush.service.config;
