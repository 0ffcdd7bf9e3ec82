import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { join, serve, TRANSPORTS } from './support/start.js';

/** Waits until the client has come back for the n-th time. */
const opened = (client, times) =>
  client.until(() => client.states.filter(state => state.status === 'open').length >= times);

const waiting = client => client.states.filter(state => state.status === 'waiting');

for (const transport of ['websocket', 'sse']) {
  const options = { transports: [transport] };

  for (const [code, reason] of [
    [4000, 'protocol-error'],
    [4001, 'unauthenticated'],
    [4003, 'forbidden'],
    [4099, 'something-new'],
  ]) {
    test(`${transport}: after close code ${code} it does not come back`, async t => {
      const server = await serve(t);
      const client = join(t, server, options);
      client.subscribe('a');
      await client.live(['a']);
      (await server.session(transport, 'a')).close(code, reason);
      await client.closed();
      assert.equal(client.push.state.reason, reason);
      assert.equal(client.push.state.error.closeCode, code);
      assert.equal(client.errors.length, 1);
      assert.equal(client.push.transport, undefined);
    });
  }

  for (const [code, reason] of [
    [4100, 'overloaded'],
    [4103, 'timeout'],
    [4201, 'slow-consumer'],
    [4299, 'something-new'],
  ]) {
    test(`${transport}: after close code ${code} it comes back and misses nothing`, async t => {
      const server = await serve(t);
      const client = join(t, server, options);
      client.subscribe('a');
      await client.live(['a']);
      (await server.session(transport, 'a')).close(code, reason);
      server.publish('a', 1);
      assert.deepEqual(await client.received('a', 1), [1]);
      assert.equal(waiting(client)[0].error.closeCode, code);
      assert.deepEqual(client.errors, []);
    });
  }

  test(`${transport}: 42xx means at once`, async t => {
    const server = await serve(t);
    const client = join(t, server, { ...options, backoffMs: [3_600_000, 3_600_000] });
    client.subscribe('a');
    await client.live(['a']);
    (await server.session(transport, 'a')).close(4201, 'slow-consumer');
    await opened(client, 2);
  });

  test(`${transport}: 42xx again and again is slowed down`, async t => {
    const server = await serve(t);
    const client = join(t, server, { ...options, backoffMs: [3_600_000, 3_600_000] });
    client.subscribe('a');
    await client.live(['a']);
    (await server.session(transport, 'a')).close(4201, 'slow-consumer');
    await opened(client, 2);
    await client.live(['a'], 2);
    (await server.session(transport, 'a')).close(4201, 'slow-consumer');
    await client.until(() => client.push.state.status === 'waiting');
    assert.ok(client.push.state.retryAt > Date.now());
  });

  test(`${transport}: 'reconnect' is obeyed to the delay, and until the end events are taken`, async t => {
    const server = await serve(t);
    const client = join(t, server, { ...options, backoffMs: [3_600_000, 3_600_000] });
    client.subscribe('a');
    await client.live(['a']);
    const session = await server.session(transport, 'a');
    const before = Date.now();
    session.send({ type: 'reconnect', delayMs: 400, reason: 'drain' });
    server.publish('a', 1);
    await client.received('a', 1);
    session.close(4200, 'drain');
    await client.until(() => client.push.state.status === 'waiting');
    const { retryAt, error } = client.push.state;
    assert.ok(retryAt >= before + 400 && retryAt <= Date.now() + 400);
    assert.equal(error.code, 'drain');
    await opened(client, 2);
    assert.ok(Date.now() >= retryAt - 50);
  });

  test(`${transport}: after 'reconnect' it leaves when the time has come, though the node did not close`, async t => {
    const server = await serve(t);
    const client = join(t, server, { ...options, backoffMs: [3_600_000, 3_600_000] });
    client.subscribe('a');
    await client.live(['a']);
    (await server.session(transport, 'a')).send({ type: 'reconnect', delayMs: 20, reason: 'drain' });
    await opened(client, 2);
    await client.live(['a'], 2);
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
  });

  test(`${transport}: the time that an error names before the close is kept`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    const session = await server.session(transport, 'a');
    session.send({ type: 'error', code: 'overloaded', message: 'later', retryAfterMs: 60_000, close: 4100 });
    session.close(...(transport === 'websocket' ? [4100, 'overloaded'] : []));
    await client.until(() => client.push.state.status === 'waiting');
    assert.ok(client.push.state.retryAt >= Date.now() + 50_000);
    assert.equal(client.push.state.error.retryAfterMs, 60_000);
  });

  test(`${transport}: a connection on which nothing comes is given up and made anew`, async t => {
    const server = await serve(t, { heartbeatMs: 40 });
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    const first = await server.session(transport, 'a');
    await opened(client, 2);
    assert.equal(waiting(client)[0].error.code, 'heartbeat-lost');
    await server.until(() => !server.sessions.has(first));
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
  });

  test(`${transport}: a connection with heartbeats is kept`, async t => {
    const server = await serve(t, { heartbeatMs: 1000 });
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    const began = Date.now();
    await new Promise(resolve => {
      const timer = setInterval(() => {
        server.heartbeat();
        if (Date.now() - began > 2700) {
          clearInterval(timer);
          resolve();
        }
      }, 100);
    });
    assert.equal(client.states.length, 1);
  });

  test(`${transport}: what is no message of the protocol ends the connection, not the client`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    const session = await server.session(transport, 'a');
    session.event({ id: 'nonsense', topic: 'a', data: 1 });
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
    await opened(client, 2);
  });

  test(`${transport}: messages and members that are not known are passed over`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    const session = await server.session(transport, 'a');
    session.send({ type: 'news', from: 'the future' });
    session.send({ type: 'error', code: 'odd', message: 'only a word', moreover: 1 });
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
    assert.deepEqual(
      client.errors.map(error => `${error.code}: ${error.message}`),
      ['odd: only a word'],
    );
    assert.equal(client.states.length, 1);
  });
}

test('long-poll: a poll on which nothing comes is given up', async t => {
  const server = await serve(t, { pollWaitMs: 1000 });
  const client = join(t, server, { transports: ['long-poll'] });
  client.subscribe('a');
  await client.live(['a']);
  server.refuse['long-poll'] = 'mute';
  const polls = server.requests.length;
  await server.until(() => server.requests.length > polls);
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 600_000);
  await client.until(() => waiting(client).length > 0);
  assert.equal(waiting(client)[0].error.code, 'heartbeat-lost');
  server.refuse = {};
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
});

test('long-poll: a drained poll is repeated after Retry-After', async t => {
  const server = await serve(t);
  const client = join(t, server, { transports: ['long-poll'] });
  client.subscribe('a');
  await client.live(['a']);
  const session = await server.session('long-poll', 'a');
  const polls = server.requests.length;
  const before = Date.now();
  session.close(4200, 'drain', { 'Retry-After': '1' });
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
  assert.ok(Date.now() - before >= 990);
  assert.ok(server.requests.length > polls);
  assert.equal(waiting(client)[0].error.code, 'drain');
});

test('long-poll: polls that are answered at once with nothing do not become a flood', async t => {
  const server = await serve(t, { hasty: true });
  const client = join(t, server, { transports: ['long-poll'] });
  client.subscribe('a');
  await client.until(() => waiting(client).length >= 2);
  const empty = server.requests.filter(({ query }) => Number(query.get('wait')) > 0);
  assert.ok(empty.length <= waiting(client).length);
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
});

for (const transport of TRANSPORTS) {
  test(`${transport}: while the service is away it waits, and comes back with it`, async t => {
    const server = await serve(t);
    const client = join(t, server, { transports: [transport] });
    client.subscribe('a');
    await client.live(['a']);
    await server.stop();
    await client.until(() => waiting(client).length >= 4);
    await server.listen(server.port);
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
  });

  test(`${transport}: the back-off grows and stays below its bound`, async t => {
    const server = await serve(t);
    const client = join(t, server, { transports: [transport], backoffMs: [4, 32] });
    t.mock.method(Math, 'random', () => 0.999);
    client.subscribe('a');
    await client.live(['a']);
    const waits = [];
    client.push.on('state', state => state.status === 'waiting' && waits.push(state.retryAt - Date.now()));
    await server.stop();
    await client.until(() => waits.length >= 6);
    await server.listen(server.port);
    for (const [i, wait] of waits.slice(0, 6).entries()) {
      const bound = Math.min(32, 4 * 2 ** i);
      assert.ok(wait > bound / 2 - 2 && wait <= bound, `${wait} of ${bound}`);
    }
  });
}

for (const transport of ['sse', 'long-poll']) {
  test(`${transport}: 429 and 503 with Retry-After are obeyed and are no reason for another transport`, async t => {
    const server = await serve(t);
    server.refuse[transport] = { status: 503, headers: { 'Retry-After': '60' } };
    if (transport === 'sse') {
      server.refuse['long-poll'] = server.refuse.sse;
    }
    const client = join(t, server, { transports: [transport, 'websocket'] });
    client.subscribe('a');
    await client.until(() => client.push.state.status === 'waiting');
    assert.ok(client.push.state.retryAt >= Date.now() + 50_000);
    assert.equal(client.push.state.error.status, 503);
    assert.ok(server.requests.every(request => request.transport !== 'websocket'));
  });
}

test('negotiation that fails is repeated with back-off', async t => {
  const server = await serve(t);
  server.refuse.negotiate = 500;
  const client = join(t, server);
  client.subscribe('a');
  await client.until(() => waiting(client).length >= 3);
  server.refuse = {};
  await client.live(['a']);
  assert.deepEqual(client.errors, []);
});

test('negotiation that hangs is given up', async t => {
  const server = await serve(t);
  server.refuse.negotiate = 'mute';
  const client = join(t, server, { connectTimeoutMs: 50 });
  client.subscribe('a');
  await client.until(() => waiting(client).length >= 2);
});

test('negotiation is asked for once a client', async t => {
  const server = await serve(t);
  const clients = [join(t, server), join(t, server), join(t, server)];
  for (const client of clients) {
    client.subscribe('a');
    await client.live(['a']);
  }
  server.cut();
  await opened(clients[0], 2);
  assert.equal(server.requests.filter(request => request.transport === 'negotiate').length, 3);
});

/** What a page has, for Node.js. */
function page(t) {
  const windowEvents = new EventTarget();
  globalThis.addEventListener = windowEvents.addEventListener.bind(windowEvents);
  t.after(() => {
    delete globalThis.addEventListener;
  });
  return windowEvents;
}

for (const wake of ['online', 'visibilitychange']) {
  test(`${wake} ends the waiting`, async t => {
    const windowEvents = page(t);
    const server = await serve(t);
    const client = join(t, server, { backoffMs: [3_600_000, 3_600_000] });
    client.subscribe('a');
    await client.live(['a']);
    server.cut();
    await client.until(() => client.push.state.status === 'waiting');
    windowEvents.dispatchEvent(new Event(wake));
    await opened(client, 2);
  });

  test(`${wake} does not shorten a time that the service named`, async t => {
    const windowEvents = page(t);
    const server = await serve(t);
    server.refuse.negotiate = { status: 503, headers: { 'Retry-After': '60' } };
    const client = join(t, server);
    await client.until(() => client.push.state.status === 'waiting');
    windowEvents.dispatchEvent(new Event(wake));
    assert.equal(client.push.state.status, 'waiting');
  });
}

test('a page that is looked at again gives up a connection that has been dead for long', async t => {
  const windowEvents = page(t);
  const server = await serve(t);
  const client = join(t, server, { backoffMs: [3_600_000, 3_600_000] });
  client.subscribe('a');
  await client.live(['a']);
  windowEvents.dispatchEvent(new Event('visibilitychange'));
  assert.equal(client.push.state.status, 'open', 'a fresh one is kept');
  // The machine slept.
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 600_000);
  windowEvents.dispatchEvent(new Event('visibilitychange'));
  await opened(client, 2);
});

test('a network that comes back gets a new connection at once', async t => {
  const windowEvents = page(t);
  const server = await serve(t);
  const client = join(t, server, { backoffMs: [3_600_000, 3_600_000] });
  client.subscribe('a');
  await client.live(['a']);
  windowEvents.dispatchEvent(new Event('online'));
  await opened(client, 2);
});

test('a page that is left lets go of its connection, and resumes when it comes back', async t => {
  const windowEvents = page(t);
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  server.publish('a', 1);
  await client.received('a', 1);
  windowEvents.dispatchEvent(new Event('pagehide'));
  await server.until(() => server.sessions.size === 0);
  server.publish('a', 2);
  windowEvents.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  assert.deepEqual(await client.received('a', 2), [1, 2]);
});

test('a long-poll that goes on is not taken for dead, however long ago it began', async t => {
  const windowEvents = page(t);
  const server = await serve(t);
  const client = join(t, server, { transports: ['long-poll'] });
  client.subscribe('a');
  await client.live(['a']);
  await server.session('long-poll', 'a');
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 600_000);
  const polls = server.requests.length;
  server.publish('a', 1);
  await client.received('a', 1);
  await server.until(() => server.requests.length > polls);
  windowEvents.dispatchEvent(new Event('visibilitychange'));
  assert.equal(client.push.state.status, 'open');
});

test('after close nothing listens to the page any more', async t => {
  const windowEvents = page(t);
  const server = await serve(t);
  const client = join(t, server, { backoffMs: [3_600_000, 3_600_000] });
  const heard = ['online', 'visibilitychange', 'pagehide', 'pageshow'];
  const count = () => heard.map(event => getEventListeners(windowEvents, event).length);
  assert.deepEqual(count(), [1, 1, 1, 1]);
  client.push.close();
  assert.deepEqual(count(), [0, 0, 0, 0]);
});
