import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve, TRANSPORTS } from './support/start.js';

/** The same numbers in each run (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const TOPICS = ['a', 'b', 'two.c', 'two.d'];

/** One step: something is published, comes, goes or breaks. */
function step(next, server, client, counts, extra) {
  const topic = TOPICS[Math.floor(next() * TOPICS.length)];
  const dice = next();
  if (dice < 0.6) {
    server.publish(topic, counts[topic]++);
  } else if (dice < 0.7) {
    server.cut();
  } else if (dice < 0.75) {
    server.refuse = next() < 0.5 ? {} : { [TRANSPORTS[Math.floor(next() * 3)]]: 502 };
  } else if (dice < 0.8) {
    for (const session of server.sessions) {
      session.close(4201, 'slow-consumer');
    }
  } else if (dice < 0.9) {
    extra.push(client.subscribe(`extra.${extra.length}`, { replay: Math.floor(next() * 3) }));
  } else {
    extra[Math.floor(next() * extra.length)]?.unsubscribe();
  }
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`whatever breaks and however topics come and go, every event comes once and in order (seed ${seed})`, async t => {
    const server = await serve(t);
    const client = join(t, server, { transports: TRANSPORTS.slice(seed % 3) });
    const next = random(seed);
    const counts = Object.fromEntries(TOPICS.map(topic => [topic, 0]));
    client.push.subscribe(TOPICS, () => {});
    client.subscribe(TOPICS);
    await client.live(TOPICS);
    const extra = [];
    for (let i = 0; i < 300; i++) {
      step(next, server, client, counts, extra);
      if (next() < 0.3) {
        await new Promise(resolve => setImmediate(resolve));
      }
      if (next() < 0.1) {
        server.refuse = {};
        await client.until(() => client.push.state.status === 'open');
      }
    }
    server.refuse = {};
    for (const topic of TOPICS) {
      server.publish(topic, counts[topic]++);
    }
    for (const topic of TOPICS) {
      await client.received(topic, counts[topic]);
      assert.deepEqual(client.events[topic], [...Array(counts[topic]).keys()], topic);
    }
    assert.deepEqual(client.gaps, []);
  });
}
