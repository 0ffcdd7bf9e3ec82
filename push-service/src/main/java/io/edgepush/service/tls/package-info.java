/** TLS on the listeners: keys from PEM files, read again when they change. */
package io.edgepush.service.tls;
