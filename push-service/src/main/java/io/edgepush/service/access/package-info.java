/** Who may do what on this node. */
package io.edgepush.service.access;
