package io.edgepush.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/** Local addresses in turn: one has 28,000 ports, some of which rest a minute after their use. */
final class Sources {
  private static final int ADDRESSES = 16;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Sources() {}

  static InetSocketAddress next() {
    int i = Math.floorMod(NEXT.getAndIncrement(), ADDRESSES);
    try {
      byte[] address = {127, 0, 0, (byte) (2 + i)};
      return new InetSocketAddress(InetAddress.getByAddress(address), 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
