/**
 * Values: topics, positions, cursors, events and the problems a client can cause. Immutable, free
 * of I/O, safe for any thread; depends on nothing else of this project.
 */
package io.edgepush.model;
