/** The container image, run as in production: {@code ./test} builds it where a Docker engine is. */
package io.edgepush.service.image;
