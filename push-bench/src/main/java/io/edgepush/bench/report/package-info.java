/** What a run has found, for people, for programs and for a browser. */
package io.edgepush.bench.report;
