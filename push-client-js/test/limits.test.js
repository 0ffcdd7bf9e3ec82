import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve } from './support/start.js';

const names = (count, length = 1) => Array.from({ length: count }, (_, i) => `t${i}`.padEnd(length, 'x'));

const subscribes = server => server.messages.filter(({ type }) => type === 'subscribe');

test('many topics are subscribed in as few messages as their size permits', async t => {
  const server = await serve(t);
  const client = join(t, server);
  const topics = names(2500);
  const subscription = client.subscribe(topics);
  await client.live(topics);
  assert.deepEqual(
    subscribes(server).map(message => message.topics.length),
    [600, 600, 600, 600, 100],
  );
  server.publish('t2499', 1);
  assert.deepEqual(await client.received('t2499', 1), [1]);
  subscription.unsubscribe();
  await server.until(() => server.messages.filter(({ type }) => type === 'unsubscribe').length === 5);
});

test('no message is greater than the service takes, with the longest topics and a long cursor', async t => {
  const server = await serve(t);
  const client = join(t, server);
  const topics = names(1500, 200);
  client.subscribe(topics, {
    since: Array.from({ length: 64 }, (_, p) => `${p}:abcdefghijklmnop:1763800000000-0`).join(),
  });
  await client.live(topics);
  assert.equal(subscribes(server).flatMap(message => message.topics).length, 1500);
  for (const message of server.messages) {
    assert.ok(JSON.stringify(message).length <= 131072);
  }
});

test('subscriptions in one turn are one message', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  for (const name of ['b', 'c', 'd']) {
    client.subscribe(name);
  }
  await client.live(['b', 'c', 'd']);
  assert.deepEqual(subscribes(server)[1].topics, ['b', 'c', 'd']);
});

test('a refusal that names a time is tried again after it', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  const session = await server.session('websocket', 'a');
  const { catchUp } = session;
  session.catchUp = (_topics, _cursor, _replay, { ref }) => {
    session.catchUp = catchUp;
    session.send({ type: 'error', ref, code: 'too-many-requests', message: 'slower', retryAfterMs: 30 });
  };
  client.subscribe(['b', 'c'], { replay: 1 });
  await client.live(['b', 'c']);
  assert.deepEqual(
    client.errors.map(error => error.code),
    ['too-many-requests'],
  );
  assert.equal(subscribes(server)[2].replay, 1);
});

test('a whole message that is refused ends its topics only', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  const session = await server.session('websocket', 'a');
  session.catchUp = (_topics, _cursor, _replay, { ref }) => {
    session.send({ type: 'error', ref, code: 'invalid-field', message: 'replay is 0 to 1000', field: 'replay' });
  };
  client.subscribe(['b', 'c'], { replay: 5000 });
  await client.until(() => client.errors.length === 2);
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
  assert.ok(client.errors.every(error => error.code === 'invalid-field'));
});

test('a refusal that ends the connection ends no topic', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  const session = await server.session('websocket', 'a');
  session.catchUp = (_topics, _cursor, _replay, { ref }) => {
    session.send({ type: 'error', ref, code: 'overloaded', message: 'too much', close: 4100 });
    session.close(4100, 'overloaded');
  };
  client.subscribe('b');
  await client.live(['b']);
  server.publish('b', 1);
  assert.deepEqual(await client.received('b', 1), [1]);
  assert.deepEqual(client.errors, []);
});

test('an unsubscribe that is refused is put right by a new connection', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  const subscription = client.subscribe('b');
  await client.live(['a', 'b']);
  const [session] = server.sessions;
  session.webSocket.removeAllListeners('message');
  session.webSocket.on('message', text => {
    const { ref } = JSON.parse(text);
    session.send({ type: 'error', ref, code: 'message-rate', message: 'too fast' });
  });
  subscription.unsubscribe();
  await client.live(['a'], 2);
  server.publish('b', 1);
  server.publish('a', 1);
  assert.deepEqual(await client.received('a', 1), [1]);
  assert.equal(client.events.b, undefined);
});

for (const transport of ['sse', 'long-poll']) {
  test(`${transport}: a hundred topics are carried, one more is refused clearly and harms nothing`, async t => {
    const server = await serve(t);
    const client = join(t, server, { transports: [transport] });
    const topics = names(100);
    client.subscribe(topics);
    await client.live(topics);
    assert.throws(() => client.subscribe('one-more'), {
      code: 'too-many-topics',
      message: 'too-many-topics',
    });
    client.subscribe(topics.slice(0, 50));
    server.publish('t99', 1);
    assert.deepEqual(await client.received('t99', 1), [1]);
  });

  test(`${transport}: topics that are refused together though each is permitted end it, without a flood`, async t => {
    const server = await serve(t, { together: 1 });
    const client = join(t, server, { transports: [transport] });
    client.subscribe(['a', 'b', 'c']);
    await client.closed();
    assert.equal(client.push.state.reason, 'invalid-field');
    assert.ok(server.requests.length < 10);
  });

  test(`${transport}: too many topics from the start are told as an error`, async t => {
    const server = await serve(t);
    const client = join(t, server, { transports: [transport] });
    const subscription = client.subscribe(names(101));
    await client.until(() => client.push.state.status === 'waiting');
    assert.equal(client.errors[0].code, 'too-many-topics');
    assert.equal(client.push.state.error.code, 'too-many-topics');
    subscription.unsubscribe();
    client.subscribe('a');
    await client.live(['a']);
  });
}

test('with too many topics to fall back it goes on trying WebSocket', async t => {
  const server = await serve(t);
  server.refuse.websocket = 503;
  const client = join(t, server);
  client.subscribe(names(101));
  await client.until(() => client.states.filter(({ status }) => status === 'waiting').length >= 2);
  assert.ok(client.errors.some(error => error.code === 'too-many-topics' && error.transport === 'sse'));
  server.refuse = {};
  await client.live(names(101));
});

test('what a connection is too slow for is told as a gap, and the newest follows', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe('a');
  await client.live(['a']);
  const { id: from } = server.publish('a', 1);
  await client.received('a', 1);
  const session = await server.session('websocket', 'a');
  const { id: to } = server.store.append('a', 2);
  session.send({ type: 'gap', topic: 'a', from, to, reason: 'overflow' });
  server.publish('a', 3);
  assert.deepEqual(await client.received('a', 2), [1, 3]);
  assert.deepEqual(client.gaps, [{ topic: 'a', from, to, reason: 'overflow' }]);
});
