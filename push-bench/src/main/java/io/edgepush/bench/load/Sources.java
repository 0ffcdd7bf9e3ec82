package io.edgepush.bench.load;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Local addresses in turn: one has 28,000 ports, some of which rest a minute after their use. */
final class Sources {
  private static final int ADDRESSES = 16;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Sources() {}

  static InetSocketAddress next() {
    int i = Math.floorMod(NEXT.getAndIncrement(), ADDRESSES);
    return new InetSocketAddress("127.0.0." + (2 + i), 0);
  }
}
