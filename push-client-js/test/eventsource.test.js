import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byEventSource } from 'edgepush-client/eventsource';
import { EventSource } from 'eventsource';
import { join, serve } from './support/start.js';

const over = () => ({ transports: ['sse'], fetch: byEventSource(EventSource) });

test('events come by an EventSource, resume after a cut, and none is lost or doubled', async t => {
  const server = await serve(t);
  const client = join(t, server, over());
  client.subscribe(['a', 'b']);
  await client.live(['a', 'b']);
  const wanted = [];
  for (let i = 0; i < 30; i++) {
    if (i % 10 === 5) {
      server.cut();
    }
    server.publish('a', i);
    wanted.push(i);
  }
  assert.deepEqual(await client.received('a', wanted.length), wanted);
  assert.deepEqual(client.gaps, []);
});

test('a gap and an end that the service tells of are heard', async t => {
  const server = await serve(t);
  const client = join(t, server, over());
  client.subscribe('a');
  await client.live(['a']);
  server.publish('a', 1);
  await client.received('a', 1);
  server.cut();
  server.publish('a', 2);
  server.store.trim('a');
  await client.until(() => client.gaps.length === 1);
  (await server.session('sse', 'a')).close(4003, 'forbidden');
  await client.closed();
  assert.equal(client.push.state.reason, 'forbidden');
});

test('the token stands in the URL, and other requests go by fetch', async t => {
  const server = await serve(t);
  const client = join(t, server, { ...over(), token: 'secret' });
  client.subscribe('a');
  await client.live(['a']);
  const stream = server.requests.find(({ transport }) => transport === 'sse');
  assert.equal(stream.query.get('access_token'), 'secret');
});

test('what fails is tried again', async t => {
  const server = await serve(t);
  server.refuse.sse = 503;
  const client = join(t, server, over());
  client.subscribe('a');
  await client.until(() => client.errors.length > 0);
  server.refuse = {};
  await client.live(['a']);
});
