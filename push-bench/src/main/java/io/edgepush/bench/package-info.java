/** The commands of {@code ./bench}. */
package io.edgepush.bench;
