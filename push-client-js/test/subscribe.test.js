import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve, TRANSPORTS } from './support/start.js';

for (const transport of TRANSPORTS) {
  const options = { transports: [transport] };

  test(`${transport}: events come from the moment of the subscription on`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    server.publish('a', 'before');
    client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1, { type: 'made', key: 'k' });
    server.publish('b', 'not asked for');
    server.publish('a', 2);
    assert.deepEqual(await client.received('a', 2), [1, 2]);
    assert.deepEqual(Object.keys(client.events), ['a']);
    assert.equal(client.push.transport, transport);
    assert.deepEqual(client.errors, []);
  });

  test(`${transport}: the event object reaches the handler whole`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const events = [];
    client.push.subscribe('a', event => events.push(event));
    client.subscribe('a');
    await client.live(['a']);
    const sent = server.publish('a', { x: [1] }, { type: 'made', key: 'k', later: 'unknown member' });
    await client.received('a', 1);
    assert.deepEqual(events, [sent]);
  });

  test(`${transport}: the newest retained events come first when asked for`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    for (let i = 0; i < 5; i++) {
      server.publish('a', i);
      server.publish('two.b', i);
    }
    client.subscribe(['a', 'two.b'], { replay: 2 });
    await client.live(['a', 'two.b']);
    server.publish('a', 5);
    assert.deepEqual(await client.received('a', 3), [3, 4, 5]);
    assert.deepEqual(await client.received('two.b', 2), [3, 4]);
  });

  test(`${transport}: topics with different replay are subscribed together`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    for (let i = 0; i < 5; i++) {
      server.publish('a', i);
      server.publish('b', i);
      server.publish('two.c', i);
    }
    client.subscribe('a', { replay: 3 });
    client.subscribe('b', { replay: 1 });
    client.subscribe('two.c');
    await client.live(['a', 'b', 'two.c']);
    for (const topic of ['a', 'b', 'two.c']) {
      server.publish(topic, 5);
    }
    assert.deepEqual(await client.received('a', 4), [2, 3, 4, 5]);
    assert.deepEqual(await client.received('b', 2), [4, 5]);
    assert.deepEqual(await client.received('two.c', 1), [5]);
  });

  test(`${transport}: a topic resumes behind the cursor that it was given`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const { id } = server.publish('a', 0);
    server.publish('a', 1);
    client.subscribe('a', { since: id, replay: 1000 });
    await client.live(['a']);
    server.publish('a', 2);
    assert.deepEqual(await client.received('a', 2), [1, 2]);
  });

  test(`${transport}: the cursor of one client resumes another`, async t => {
    const server = await serve(t);
    const first = join(t, server, options);
    first.subscribe(['a', 'two.b']);
    await first.live(['a', 'two.b']);
    server.publish('a', 1);
    server.publish('two.b', 1);
    await first.received('a', 1);
    await first.received('two.b', 1);
    await first.until(() => first.push.cursor.split(',').every(id => !id.endsWith(':0-0')));
    const { cursor } = first.push;
    first.push.close();
    server.publish('a', 2);
    server.publish('two.b', 2);
    const second = join(t, server, options);
    second.subscribe(['a', 'two.b'], { since: cursor });
    assert.deepEqual(await second.received('a', 1), [2]);
    assert.deepEqual(await second.received('two.b', 1), [2]);
  });

  test(`${transport}: a topic added later begins when it was added`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    // The client's cursor is behind all of these: no event of a has told it of them.
    server.publish('b', 'before');
    server.publish('two.c', 'before');
    client.subscribe(['b', 'two.c']);
    await client.live(['b', 'two.c']);
    server.publish('b', 1);
    server.publish('two.c', 1);
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
    assert.deepEqual(await client.received('b', 1), [1]);
    assert.deepEqual(await client.received('two.c', 1), [1]);
  });

  test(`${transport}: no event is lost or doubled while topics come and go`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe(['a', 'two.a']);
    await client.live(['a', 'two.a']);
    const wanted = [];
    for (let i = 0; i < 20; i++) {
      const subscription = client.subscribe(`other.${i}`, { replay: i % 3 });
      server.publish('a', i);
      server.publish('two.a', i);
      wanted.push(i);
      await client.live([`other.${i}`]);
      server.publish('a', `${i}'`);
      server.publish('two.a', `${i}'`);
      wanted.push(`${i}'`);
      if (i % 2) {
        subscription.unsubscribe();
      }
    }
    assert.deepEqual(await client.received('a', wanted.length), wanted);
    assert.deepEqual(await client.received('two.a', wanted.length), wanted);
    assert.deepEqual(client.gaps, []);
  });

  test(`${transport}: after unsubscribe no event comes`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('a');
    const subscription = client.subscribe(['b', 'c']);
    await client.live(['a', 'b', 'c']);
    subscription.unsubscribe();
    subscription.unsubscribe();
    server.publish('b', 1);
    server.publish('c', 1);
    server.publish('a', 1);
    await client.received('a', 1);
    assert.deepEqual(Object.keys(client.events), ['a']);
  });

  test(`${transport}: an aborted signal unsubscribes`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const abort = new AbortController();
    client.subscribe('a');
    client.subscribe('b', { signal: abort.signal });
    client.subscribe('c', { signal: AbortSignal.abort() });
    await client.live(['a', 'b']);
    server.publish('b', 1);
    await client.received('b', 1);
    abort.abort();
    server.publish('b', 2);
    server.publish('c', 1);
    server.publish('a', 1);
    await client.received('a', 1);
    assert.deepEqual(client.events.b, [1]);
    assert.equal(client.events.c, undefined);
  });

  test(`${transport}: a topic that comes back begins anew, without what lay between`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('other');
    const first = client.subscribe('a');
    await client.live(['a', 'other']);
    server.publish('a', 1);
    await client.received('a', 1);
    first.unsubscribe();
    server.publish('a', 'between');
    client.subscribe('b');
    await client.live(['b']);
    server.publish('a', 'between');
    client.subscribe('a');
    await client.live(['a'], 2);
    await server.session(transport, 'a');
    server.publish('a', 2);
    assert.deepEqual(await client.received('a', 2), [1, 2]);
  });

  test(`${transport}: unsubscribed and subscribed at once, the topic begins anew`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const first = client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1);
    await client.received('a', 1);
    first.unsubscribe();
    server.publish('a', 'on its way while nobody is subscribed');
    client.subscribe('a');
    await client.live(['a'], 2);
    server.publish('a', 2);
    assert.deepEqual(await client.received('a', 2), [1, 2]);
  });

  test(`${transport}: all handlers of a topic are called, each until its own end`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const calls = [];
    const handler = event => calls.push(event.data);
    const one = client.push.subscribe('a', handler);
    client.push.subscribe('a', handler);
    client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1);
    await client.received('a', 1);
    one.unsubscribe();
    server.publish('a', 2);
    await client.received('a', 2);
    assert.deepEqual(calls, [1, 1, 2]);
  });

  test(`${transport}: a handler that throws stops nothing and is told of`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const cause = new Error('mine');
    client.push.subscribe('a', () => {
      throw cause;
    });
    client.push.subscribe('a', () => Promise.reject(cause));
    client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1);
    server.publish('a', 2);
    assert.deepEqual(await client.received('a', 2), [1, 2]);
    await client.until(() => client.errors.length === 4);
    for (const error of client.errors) {
      assert.equal(error.code, 'handler');
      assert.equal(error.topic, 'a');
      assert.equal(error.cause, cause);
    }
  });

  test(`${transport}: topics that are refused are told of, the others go on`, async t => {
    const server = await serve(t, { forbidden: new Set(['secret', 'hidden']) });
    const client = join(t, server, options);
    client.subscribe(['a', 'secret', 'b']);
    await client.live(['a', 'b']);
    client.subscribe('hidden');
    await client.until(() => client.errors.length === 2);
    server.forbidden.add('veiled');
    client.subscribe(['veiled', 'c']);
    await client.live(['c']);
    for (const topic of ['a', 'b', 'c']) {
      server.publish(topic, 1);
      assert.deepEqual(await client.received(topic, 1), [1]);
    }
    assert.deepEqual(
      client.errors.map(error => [error.code, error.topic]),
      [
        ['forbidden', 'secret'],
        ['forbidden', 'hidden'],
        ['forbidden', 'veiled'],
      ],
    );
    assert.notEqual(client.push.state.status, 'closed');
  });

  test(`${transport}: when only a refused topic was asked for, another can be added`, async t => {
    const server = await serve(t, { forbidden: new Set(['secret']) });
    const client = join(t, server, options);
    client.subscribe('secret');
    await client.until(() => client.errors.length === 1);
    client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
  });

  test(`${transport}: the last topic may go and another come`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const first = client.subscribe('a');
    await client.live(['a']);
    first.unsubscribe();
    await server.until(() => ![...server.sessions].some(session => session.live.size));
    client.subscribe('b');
    await client.live(['b']);
    server.publish('b', 1);
    assert.deepEqual(await client.received('b', 1), [1]);
  });

  test(`${transport}: a handler may close the connection and end subscriptions`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    let other = 0;
    const first = client.push.subscribe('a', () => {
      second.unsubscribe();
      client.push.close();
    });
    const second = client.push.subscribe('a', () => other++);
    await client.live(['a']);
    server.publish('a', 1);
    await client.closed();
    assert.equal(other, 0);
    assert.equal(first.topics[0], 'a');
    await server.until(() => server.sessions.size === 0);
  });
}

test('what is not a topic is refused at once', async t => {
  const server = await serve(t);
  const client = join(t, server);
  for (const wrong of ['', 'a b', 'a"', 'a\\', 'a*', '{a', 'a}', 'ä', 'a\n', 'x'.repeat(201)]) {
    assert.throws(() => client.subscribe(wrong), TypeError, wrong);
  }
  const good = [
    'orders.eu.42',
    'chat:lobby',
    'private-room-7',
    'https://example.com/books/1',
    "!#$%&'()+,;<=>?@[]^_`|~",
  ];
  client.subscribe([...good, 'x'.repeat(200)]);
  await client.live(good);
});

test('a cursor that is none is refused at once', async t => {
  const server = await serve(t);
  const client = join(t, server);
  assert.throws(() => client.subscribe('a', { since: 'yesterday' }), TypeError);
});

test('after close nothing can be subscribed', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.push.close();
  client.push.close();
  assert.deepEqual(client.push.state, { status: 'closed', reason: 'closed', error: undefined, willRetry: false });
  assert.throws(() => client.subscribe('a'), { code: 'closed' });
  assert.equal(client.states.length, 1);
});

test('an error nobody listens to goes to the console', async t => {
  const server = await serve(t);
  const told = t.mock.method(console, 'error', () => {});
  const { connect } = await import('edgepush-client');
  const push = connect(server.url, { transports: ['sse'] });
  t.after(() => push.close());
  const done = new Promise(resolve => push.on('subscribed', resolve));
  push.subscribe('a', () => {
    throw new Error('mine');
  });
  await done;
  const thrown = new Promise(resolve => told.mock.mockImplementation(resolve));
  server.publish('a', 1);
  assert.equal((await thrown).code, 'handler');
});

test('a listener that throws stops nothing, one that was ended hears nothing', async t => {
  const server = await serve(t);
  const told = t.mock.method(console, 'error', () => {});
  const client = join(t, server);
  let heard = 0;
  const off = client.push.on('subscribed', () => heard++);
  client.push.on('subscribed', () => {
    throw new Error('mine');
  });
  off();
  client.subscribe('a');
  await client.live(['a']);
  server.publish('a', 1);
  await client.received('a', 1);
  assert.equal(heard, 0);
  assert.equal(told.mock.callCount(), 1);
});
