/** The seam of access control: who somebody is, and what they may do. */
package io.edgepush.access;
