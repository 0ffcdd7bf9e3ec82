import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve } from './support/start.js';

async function take(events, count) {
  const taken = [];
  for await (const { data } of events) {
    taken.push(data);
    if (taken.length === count) {
      break;
    }
  }
  return taken;
}

test('events are iterated over from the subscription on, and leaving the loop unsubscribes', async t => {
  const server = await serve(t);
  const client = join(t, server);
  const events = client.push.subscribe('a');
  await client.live(['a']);
  server.publish('a', 1);
  server.publish('a', 2);
  assert.deepEqual(await take(events, 2), [1, 2]);
  await server.until(() => server.messages.some(({ type }) => type === 'unsubscribe'));
});

test('an iteration takes the options of a subscription', async t => {
  const server = await serve(t);
  server.publish('a', 1);
  server.publish('a', 2);
  const client = join(t, server);
  assert.deepEqual(await take(client.push.subscribe('a', { replay: 1 }), 1), [2]);
});

for (const [how, end] of [
  ['unsubscribing', ({ events }) => events.unsubscribe()],
  ['closing', ({ client }) => client.push.close()],
  ['aborting', ({ abort }) => abort.abort()],
]) {
  test(`${how} ends an iteration after what has come`, async t => {
    const server = await serve(t);
    const client = join(t, server);
    const abort = new AbortController();
    const events = client.push.subscribe('a', { signal: abort.signal });
    client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1);
    await client.received('a', 1);
    end({ events, client, abort });
    assert.deepEqual(await take(events), [1]);
  });
}

test('an iteration that is too slow ends with an error', async t => {
  const server = await serve(t);
  const client = join(t, server);
  const events = client.push.subscribe('a');
  client.subscribe('a');
  await client.live(['a']);
  for (let i = 0; i < 10_001; i++) {
    server.publish('a', i);
  }
  await client.received('a', 10_001);
  await assert.rejects(take(events), { code: 'too-slow' });
});

test('an aborted signal closes, ends a listener, and stops waiting for an answer', async t => {
  const server = await serve(t);
  const [all, listener, publish] = [new AbortController(), new AbortController(), new AbortController()];
  const client = join(t, server, { signal: all.signal });
  let heard = 0;
  client.push.on('subscribed', () => heard++, { signal: listener.signal });
  listener.abort();
  client.subscribe('a');
  await client.live(['a']);
  assert.equal(heard, 0);
  const published = client.push.publish('a', 1, { signal: publish.signal });
  publish.abort();
  await assert.rejects(published, { name: 'AbortError' });
  await assert.rejects(client.push.publish('a', 2, { signal: publish.signal }), { name: 'AbortError' });
  await assert.rejects(client.push.refreshToken('b', { signal: publish.signal }), { name: 'AbortError' });
  all.abort();
  assert.equal(client.push.state.status, 'closed');
  const never = join(t, server, { signal: all.signal });
  assert.equal(never.push.state.status, 'closed');
});
