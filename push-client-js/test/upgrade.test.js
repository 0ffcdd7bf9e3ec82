import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve } from './support/start.js';

for (const [lower, blocked] of [
  ['sse', ['websocket']],
  ['long-poll', ['websocket', 'sse']],
]) {
  test(`${lower} goes back to WebSocket when that works again, and no event is lost or doubled`, async t => {
    const server = await serve(t);
    for (const transport of blocked) {
      server.refuse[transport] = 403;
    }
    const client = join(t, server, { upgradeMs: 30 });
    client.subscribe(['a', 'b']);
    await client.open(lower);
    await client.live(['a', 'b']);
    const wanted = [];
    const publish = () => {
      wanted.push(wanted.length);
      server.publish('a', wanted.length - 1);
    };
    const publishing = setInterval(publish, 2);
    t.after(() => clearInterval(publishing));
    await server.until(() => server.requests.filter(({ transport }) => transport === 'websocket').length >= 3);
    server.refuse = {};
    await client.open('websocket');
    publish();
    clearInterval(publishing);
    assert.deepEqual(await client.received('a', wanted.length), wanted);
    assert.deepEqual(client.gaps, []);
    await server.until(() => server.sessions.size === 1);
  });

  test(`a topic added over ${lower} while WebSocket is tried in vain becomes live`, async t => {
    const server = await serve(t);
    for (const transport of blocked) {
      server.refuse[transport] = 'mute';
    }
    const client = join(t, server, { upgradeMs: 20, connectTimeoutMs: 60 });
    client.subscribe('a');
    await client.open(lower);
    await client.live(['a']);
    const tries = () => server.requests.filter(({ transport }) => transport === 'websocket').length;
    const had = tries();
    await server.until(() => tries() > had);
    client.subscribe('b');
    await client.live(['b']);
    server.publish('b', 1);
    assert.deepEqual(await client.received('b', 1), [1]);
  });
}

test('a stream that opens and then delivers nothing is left for long-poll', async t => {
  const server = await serve(t, { heartbeatMs: 40 });
  const client = join(t, server, { transports: ['sse', 'long-poll'] });
  client.subscribe('a');
  await client.open('sse');
  await client.open('long-poll');
  await client.live(['a'], 2);
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
  assert.deepEqual(client.gaps, []);
});
