package io.edgepush.service.redis;

import java.util.concurrent.atomic.LongAdder;

/** What happened since the start. For any thread. */
final class RedisCounters {
  final LongAdder commands = new LongAdder();
  final LongAdder resent = new LongAdder();
  final LongAdder timeouts = new LongAdder();
  final LongAdder overloads = new LongAdder();
  final LongAdder connects = new LongAdder();
  final LongAdder losses = new LongAdder();
  final LongAdder received = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder catchUps = new LongAdder();
  final LongAdder gaps = new LongAdder();
  final LongAdder renewals = new LongAdder();
  final LongAdder switches = new LongAdder();
  final LongAdder epochs = new LongAdder();
}
