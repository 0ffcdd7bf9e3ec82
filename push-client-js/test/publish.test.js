import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve } from './support/start.js';

test('an event is published over WebSocket and answered with its id', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('chat');
  await client.live(['chat']);
  const published = await client.push.publish('chat', { text: 'hello' }, { type: 'said', key: 'k', id: '8f2c' });
  assert.deepEqual(await client.received('chat', 1), [{ text: 'hello' }]);
  assert.deepEqual(published, { id: client.push.cursor, duplicate: false });
  const { event } = server.messages.at(-1);
  assert.deepEqual(event, { topic: 'chat', data: { text: 'hello' }, type: 'said', key: 'k', id: '8f2c' });
});

test('a duplicate is told', async t => {
  const server = await serve(t);
  const client = join(t, server);
  await client.open('websocket');
  assert.equal((await client.push.publish('chat', 1, { id: 'again' })).duplicate, true);
});

test('a refused event rejects with the code of the service, and the connection goes on', async t => {
  const server = await serve(t, { forbidden: new Set(['secret']) });
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  await assert.rejects(client.push.publish('secret', 1), { code: 'forbidden', topic: 'secret' });
  await client.push.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
  assert.deepEqual(client.errors, []);
});

test('a refused event of a subscribed topic does not end the subscription', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  server.forbidden.add('a');
  await assert.rejects(client.push.publish('a', 1), { code: 'forbidden' });
  server.publish('a', 2);
  assert.deepEqual(await client.received('a', 1), [2]);
});

for (const transport of ['sse', 'long-poll']) {
  test(`${transport}: publishing is refused clearly`, async t => {
    const server = await serve(t);
    const client = join(t, server, { transports: [transport] });
    client.subscribe('a');
    await client.open(transport);
    const clearly = { code: 'not-connected', message: 'not-connected' };
    await assert.rejects(client.push.publish('a', 1), clearly);
  });
}

test('without a connection publishing is refused', async t => {
  const server = await serve(t);
  const client = join(t, server);
  await assert.rejects(client.push.publish('a', 1), { code: 'not-connected' });
  client.push.close();
  await assert.rejects(client.push.publish('a', 1), { code: 'not-connected' });
});

test('a publish whose answer is cut off rejects, as nobody knows', async t => {
  const server = await serve(t);
  const client = join(t, server);
  await client.open('websocket');
  const [session] = server.sessions;
  session.send = () => {};
  const published = client.push.publish('a', 1);
  await server.until(() => server.messages.some(message => message.type === 'publish'));
  server.cut();
  await assert.rejects(published, { code: 'connection-lost' });
});
