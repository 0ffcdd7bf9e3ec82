/** A bare broadcast server to compare with, and servers as child processes. */
package io.edgepush.bench.baseline;
