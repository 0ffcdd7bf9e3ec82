import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve } from './support/start.js';

const used = server => server.requests.map(request => request.transport).filter(name => name !== 'negotiate');

test('WebSocket comes first when all work', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.open('websocket');
  assert.deepEqual(used(server), ['websocket']);
});

test('a refused upgrade falls back to SSE, a refused stream to long-poll', async t => {
  const server = await serve(t);
  server.refuse = { websocket: 403, sse: 502 };
  const client = join(t, server);
  client.subscribe('a');
  await client.open('long-poll');
  await client.live(['a']);
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
  assert.deepEqual(
    client.errors.map(error => error.transport),
    ['websocket', 'sse'],
  );
  assert.equal(client.errors[1].status, 502);
});

test('an upgrade and a stream on which nothing comes count as failed', async t => {
  const server = await serve(t);
  server.refuse = { websocket: 'mute', sse: 'mute' };
  const client = join(t, server, { connectTimeoutMs: 250 });
  client.subscribe('a');
  await client.open('long-poll');
  await client.live(['a']);
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
});

test('a page instead of a stream counts as failed', async t => {
  const server = await serve(t);
  server.refuse.sse = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>Please log in' };
  const client = join(t, server, { transports: ['sse', 'long-poll'] });
  client.subscribe('a');
  await client.open('long-poll');
  assert.match(client.errors[0].message, /^200/);
});

test('a login that something in between asks for is no verdict of the service', async t => {
  const server = await serve(t);
  server.refuse.sse = { status: 401, headers: { 'Content-Type': 'text/html' }, body: '<p>Please log in' };
  const client = join(t, server, { transports: ['sse', 'long-poll'] });
  client.subscribe('a');
  await client.open('long-poll');
});

test('what worked is remembered for the page', async t => {
  const server = await serve(t);
  server.refuse.websocket = 403;
  const first = join(t, server);
  first.subscribe('a');
  await first.open('sse');
  server.requests.length = 0;
  const second = join(t, server);
  second.subscribe('a');
  await second.open('sse');
  first.push.close();
  server.cut();
  await second.live(['a'], 2);
  assert.ok(!used(server).includes('websocket'));
  assert.equal(second.errors.length, 0);
});

test('a transport that has worked gets a second try, as the service may have been away', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  server.refuse.websocket = 503;
  server.requests.length = 0;
  server.cut();
  await client.open('sse');
  assert.deepEqual(used(server).slice(0, 2), ['websocket', 'websocket']);
  assert.equal(client.errors.length, 1);
});

test('when all fail it waits and begins with the best again', async t => {
  const server = await serve(t);
  server.refuse = { websocket: 403, sse: 502, 'long-poll': 502 };
  const client = join(t, server);
  client.subscribe('a');
  await client.until(() => client.states.some(state => state.status === 'waiting'));
  assert.deepEqual(used(server), ['websocket', 'sse', 'long-poll']);
  server.refuse = {};
  await client.open('websocket');
});

test('when all have failed, later rounds try all of them too', async t => {
  const server = await serve(t);
  server.refuse = { websocket: 403, sse: 502, 'long-poll': 502 };
  const client = join(t, server);
  client.subscribe('a');
  await client.until(() => client.states.filter(state => state.status === 'waiting').length === 2);
  server.refuse = { websocket: 403, sse: 502 };
  await client.open('long-poll');
});

test('the choice of transports is the application’s, in its order', async t => {
  const server = await serve(t);
  server.refuse['long-poll'] = 502;
  const client = join(t, server, { transports: ['long-poll', 'sse'] });
  client.subscribe('a');
  await client.open('sse');
  assert.ok(!used(server).includes('websocket'));
});

test('what the deployment does not offer is not tried', async t => {
  const server = await serve(t, { offered: ['carrier-pigeon', 'long-poll', 'websocket'] });
  const client = join(t, server, { transports: ['sse', 'websocket', 'long-poll'] });
  client.subscribe('a');
  await client.open('websocket');
  assert.deepEqual(used(server), ['websocket']);
});

test('without a WebSocket constructor SSE is the best', async t => {
  const server = await serve(t);
  const { WebSocket } = globalThis;
  globalThis.WebSocket = undefined;
  t.after(() => {
    globalThis.WebSocket = WebSocket;
  });
  const client = join(t, server, { WebSocket: undefined });
  client.subscribe('a');
  await client.open('sse');
  assert.deepEqual(client.errors, []);
});

test('a WebSocket constructor that throws counts as failed', async t => {
  const server = await serve(t);
  const client = join(t, server, {
    WebSocket: class {
      constructor() {
        throw new Error('insecure');
      }
    },
  });
  client.subscribe('a');
  await client.open('sse');
  assert.match(client.errors[0].message, /insecure/);
});

test('when nothing fits it ends and says so', async t => {
  const server = await serve(t, { offered: ['websocket'] });
  const client = join(t, server, { transports: ['sse'] });
  client.subscribe('a');
  await client.closed();
  assert.equal(client.push.state.reason, 'no-transport');
});

test('the service may live below a path', async t => {
  const server = await serve(t);
  const { connect } = await import('edgepush-client');
  const asked = new Promise(resolve => {
    const fetch = url => {
      resolve(String(url));
      return new Promise(() => {});
    };
    const push = connect(`${server.url}push`, { fetch });
    t.after(() => push.close());
  });
  assert.equal(await asked, `${server.url}push/negotiate`);
});
