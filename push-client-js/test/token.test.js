import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve, TRANSPORTS } from './support/start.js';

for (const transport of TRANSPORTS) {
  const options = { transports: [transport] };

  test(`${transport}: the token is presented, and stands in no URL`, async t => {
    const server = await serve(t, { tokens: new Set(['good']) });
    const client = join(t, server, { ...options, token: 'good' });
    client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
    assert.ok(server.requests.every(({ query }) => !String(query).includes('good')));
  });

  test(`${transport}: a token that is refused ends it`, async t => {
    const server = await serve(t, { tokens: new Set(['good']) });
    const client = join(t, server, { ...options, token: 'bad' });
    client.subscribe('a');
    await client.closed();
    assert.equal(client.push.state.reason, 'unauthenticated');
    assert.equal(client.errors.length, 1);
  });

  test(`${transport}: a token that ran out is replaced by the next one of its source`, async t => {
    const server = await serve(t, { tokens: new Set(['first']) });
    const tokens = ['first', 'second'];
    const client = join(t, server, { ...options, token: async () => tokens[0] });
    client.subscribe('a');
    await client.live(['a']);
    tokens.shift();
    server.tokens = new Set(['second']);
    server.cut();
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
  });

  test(`${transport}: a source whose tokens are always refused is not asked for ever`, async t => {
    const server = await serve(t, { tokens: new Set(['good']) });
    let count = 0;
    const client = join(t, server, { ...options, token: () => `bad${count++}` });
    client.subscribe('a');
    await client.closed();
    assert.equal(client.push.state.reason, 'unauthenticated');
    assert.equal(count, 2);
  });

  test(`${transport}: another token counts from the next connection on`, async t => {
    const server = await serve(t, { tokens: new Set(['first', 'second']) });
    const client = join(t, server, { ...options, token: 'first' });
    client.subscribe('a');
    await client.live(['a']);
    await client.push.refreshToken('second');
    server.tokens = new Set(['second']);
    server.cut();
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
  });
}

for (const transport of ['websocket', 'sse']) {
  test(`${transport}: a token that ends soon is replaced while the connection goes on`, async t => {
    const server = await serve(t, { tokens: new Set(['first', 'second']) });
    const tokens = ['first'];
    const client = join(t, server, { transports: [transport], token: () => tokens[0] });
    client.subscribe('a');
    await client.live(['a']);
    const warn = () => [...server.sessions].at(-1).send({ type: 'token-expiring', expiresInMs: 1 });
    // As long as its source has no other one, the token is not presented again.
    warn();
    server.publish('a', 1);
    await client.received('a', 1);
    tokens[0] = 'second';
    warn();
    const presented = () =>
      transport === 'websocket'
        ? server.messages.filter(({ type }) => type === 'auth').map(({ token }) => token)
        : server.requests.filter(r => r.transport === 'sse').map(r => r.headers.authorization.slice('Bearer '.length));
    await server.until(() => presented().includes('second'));
    assert.deepEqual(presented(), ['first', 'second']);
    server.publish('a', 2);
    assert.deepEqual(await client.received('a', 2), [1, 2]);
    assert.deepEqual(
      client.states.map(({ status }) => status),
      ['open'],
    );
    assert.deepEqual(client.errors, []);
  });
}

test('websocket: a new token is presented at once, and a bad one ends it', async t => {
  const server = await serve(t, { tokens: new Set(['first', 'second']) });
  const client = join(t, server, { transports: ['websocket'], token: 'first' });
  client.subscribe('a');
  await client.live(['a']);
  await client.push.refreshToken(() => Promise.resolve('second'));
  assert.equal(server.messages.at(-1).token, 'second');
  await assert.rejects(client.push.refreshToken('bad'), { code: 'unauthenticated' });
  await client.until(() => client.push.state.status !== 'open');
});

test('the token goes first, before the topics', async t => {
  const server = await serve(t);
  const client = join(t, server, { token: 'good' });
  client.subscribe('a');
  await client.live(['a']);
  assert.deepEqual(
    server.messages.map(({ type }) => type),
    ['auth', 'subscribe'],
  );
});

test('a token source that fails is asked again later', async t => {
  const server = await serve(t);
  let count = 0;
  const client = join(t, server, {
    token: () => {
      if (count++ < 2) {
        throw new Error('offline');
      }
      return 'good';
    },
  });
  client.subscribe('a');
  await client.live(['a']);
  assert.equal(count, 3);
  const waits = client.states.filter(state => state.status === 'waiting');
  assert.deepEqual(
    waits.map(({ error }) => error.message),
    ['Error: offline', 'Error: offline'],
  );
});
