/** What operators ask the node for, on the private listener: health and metrics. */
package io.edgepush.service.operations;
