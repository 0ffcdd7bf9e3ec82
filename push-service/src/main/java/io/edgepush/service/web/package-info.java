/**
 * What a browser asks the public port for besides events: negotiation, the client script and pages.
 */
package io.edgepush.service.web;
