/**
 * What holds when parts fail: nodes and Redis as processes of their own, a {@link
 * io.edgepush.service.testing.Relay} between them, many clients and a steady load, and one {@link
 * io.edgepush.service.faults.Ledger} that knows what was published and what each client got.
 */
package io.edgepush.service.faults;
