import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve, TRANSPORTS } from './support/start.js';

for (const transport of TRANSPORTS) {
  const options = { transports: [transport] };

  test(`${transport}: a cut connection resumes without loss and without doubles`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe(['a', 'two.b']);
    await client.live(['a', 'two.b']);
    const wanted = [];
    for (let i = 0; i < 10; i++) {
      server.publish('a', i);
      server.publish('two.b', i);
      wanted.push(i);
      server.cut();
      server.publish('a', `${i}'`);
      server.publish('two.b', `${i}'`);
      wanted.push(`${i}'`);
      await client.received('a', wanted.length);
    }
    assert.deepEqual(await client.received('a', wanted.length), wanted);
    assert.deepEqual(await client.received('two.b', wanted.length), wanted);
    assert.deepEqual(client.gaps, []);
    assert.deepEqual(client.errors, []);
  });

  test(`${transport}: a connection that is cut before its first event resumes too`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe(['a', 'two.b']);
    await client.live(['a', 'two.b']);
    server.cut();
    server.publish('a', 1);
    server.publish('two.b', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
    assert.deepEqual(await client.received('two.b', 1), [1]);
  });

  test(`${transport}: a connection that is cut amid a replay loses and doubles nothing`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const all = [...Array(40).keys()];
    for (const i of all) {
      server.publish('a', i);
      server.publish('b', i);
    }
    let cuts = 0;
    let sent = 0;
    server.onReplay = session => {
      // Every time a little later.
      if (++sent > 10 * (cuts + 1) && cuts < 6) {
        cuts++;
        sent = 0;
        session.cut();
      }
    };
    client.subscribe(['a', 'b'], { replay: 1000 });
    await client.live(['a', 'b']);
    server.publish('a', 40);
    server.publish('b', 40);
    assert.deepEqual(await client.received('a', 41), [...all, 40]);
    assert.deepEqual(await client.received('b', 41), [...all, 40]);
    assert.ok(cuts > 0);
  });

  test(`${transport}: cut amid the events behind a given cursor, none of them is doubled`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    const { id } = server.publish('a', 'before');
    const all = [...Array(10).keys()];
    for (const i of all) {
      server.publish('a', i);
    }
    let sent = 0;
    server.onReplay = session => ++sent === 6 && session.close(4102, 'internal-error');
    client.subscribe('a', { since: id });
    await client.live(['a']);
    server.publish('a', 10);
    assert.deepEqual(await client.received('a', 11), [...all, 10]);
    assert.ok(sent > 10);
  });

  test(`${transport}: cut amid a short replay, what was published meanwhile is not skipped`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    for (let i = 0; i < 5; i++) {
      server.publish('a', i);
    }
    let sent = 0;
    server.onReplay = session => {
      if (++sent === 2) {
        session.cut();
        for (let i = 5; i < 15; i++) {
          server.store.append('a', i);
        }
      }
    };
    client.subscribe('a', { replay: 2 });
    await client.live(['a']);
    server.publish('a', 15);
    await client.until(() => client.events.a?.includes(15));
    const { a } = client.events;
    assert.deepEqual(a, [...Array(16).keys()].slice(a[0]), 'from the first one on nothing is missing');
  });

  test(`${transport}: a heartbeat moves the cursor on`, async t => {
    const server = await serve(t, { pollWaitMs: 1000 });
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    const { id } = server.publish('elsewhere', 1);
    await client.until(() => {
      server.heartbeat();
      setTimeout(() => client.happened(), 10);
      return client.push.cursor === id;
    });
  });

  test(`${transport}: events that are kept no more are told as a gap, the rest follows`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe(['a', 'b']);
    await client.live(['a', 'b']);
    const { id } = server.publish('a', 1);
    await client.received('a', 1);
    await client.until(() => client.push.cursor === id);
    server.cut();
    for (let i = 2; i < 6; i++) {
      server.store.append('a', i);
    }
    server.store.append('b', 1);
    server.store.trim('a', 1);
    assert.deepEqual(await client.received('a', 2), [1, 5]);
    assert.deepEqual(await client.received('b', 1), [1]);
    const kinds = client.gaps.map(gap => [gap.topic, gap.from, gap.reason]);
    assert.deepEqual([...new Set(kinds.map(String))], [`a,${id},retention`]);
  });

  test(`${transport}: a store that lost its memory is told as a gap, and events go on`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    server.publish('a', 1);
    await client.received('a', 1);
    server.store.loseAll();
    server.cut();
    server.publish('a', 2);
    server.publish('a', 3);
    assert.deepEqual(await client.received('a', 3), [1, 2, 3]);
    assert.ok(client.gaps.length >= 1);
    assert.ok(client.gaps.every(gap => gap.topic === 'a' && gap.reason === 'epoch'));
    assert.match(client.push.cursor, /^0:E2:/);
  });

  test(`${transport}: a topic that joins late is not told of gaps before its time`, async t => {
    const server = await serve(t);
    const client = join(t, server, options);
    client.subscribe('a');
    await client.live(['a']);
    server.publish('b', 1);
    server.publish('b', 2);
    server.store.trim('b');
    client.subscribe('b');
    await client.live(['b']);
    server.publish('b', 3);
    assert.deepEqual(await client.received('b', 1), [3]);
    assert.deepEqual(client.gaps, []);
  });

  test(`${transport}: topics that are added while there is no connection are subscribed with the next one`, async t => {
    const server = await serve(t);
    const client = join(t, server, { ...options, backoffMs: [1, 20] });
    client.subscribe('a');
    await client.live(['a']);
    server.cut();
    await client.until(() => client.push.state.status !== 'open');
    client.subscribe('b');
    server.publish('a', 1);
    await client.live(['b']);
    server.publish('b', 1);
    assert.deepEqual(await client.received('a', 1), [1]);
    assert.deepEqual(await client.received('b', 1), [1]);
  });
}

test('websocket: the replay of one topic moves no other topic on', async t => {
  const server = await serve(t);
  const client = join(t, server, { transports: ['websocket'] });
  client.subscribe('a');
  await client.live(['a']);
  const session = await server.session('websocket', 'a');
  // Stored before the event of b, but not sent yet.
  server.store.append('a', 1);
  const late = server.store.append('b', 1);
  session.catchUp = () => {
    session.event(late);
    session.close(4102, 'internal-error');
  };
  client.subscribe('b', { replay: 1 });
  await client.live(['b']);
  assert.deepEqual(await client.received('a', 1), [1]);
  assert.deepEqual(await client.received('b', 1), [1]);
});

test('sse: what a node has seen that places a topic says nothing about the topics of a node that lags behind', async t => {
  const server = await serve(t);
  const client = join(t, server, { transports: ['sse'] });
  client.subscribe('a');
  await client.live(['a']);
  // On its way to the nodes: the one that is asked about b has it, the one that both topics are asked of has it not.
  server.store.append('a', 1);
  const { store } = server;
  const ahead = store.cursor.bind(store);
  const replay = store.replay.bind(store);
  store.cursor = topics => ([...topics].includes('a') ? '0:E1:0-0' : ahead(topics));
  store.replay = () => ({ events: [], gaps: [] });
  client.subscribe('b');
  await client.live(['b']);
  store.cursor = ahead;
  store.replay = replay;
  server.cut();
  assert.deepEqual(await client.received('a', 1), [1]);
});

test('a client resumes over another transport', async t => {
  const server = await serve(t);
  const client = join(t, server);
  client.subscribe(['a', 'two.b']);
  await client.live(['a', 'two.b']);
  server.publish('a', 1);
  await client.received('a', 1);
  server.refuse.websocket = 403;
  server.cut();
  server.publish('a', 2);
  server.publish('two.b', 2);
  await client.open('sse');
  server.publish('a', 3);
  assert.deepEqual(await client.received('a', 3), [1, 2, 3]);
  server.refuse.sse = 500;
  server.cut();
  server.publish('a', 4);
  await client.open('long-poll');
  server.publish('a', 5);
  server.publish('two.b', 5);
  assert.deepEqual(await client.received('a', 5), [1, 2, 3, 4, 5]);
  server.refuse = { sse: 500, 'long-poll': 500 };
  server.cut();
  server.publish('a', 6);
  await client.open('websocket');
  server.publish('a', 7);
  assert.deepEqual(await client.received('a', 7), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(await client.received('two.b', 2), [2, 5]);
});

test('on SSE a topic is added without a moment in which no stream is open', async t => {
  const server = await serve(t);
  const client = join(t, server, { transports: ['sse'] });
  client.subscribe('a');
  await client.live(['a']);
  const first = await server.session('sse', 'a');
  let open = true;
  first.gone = () => {
    open = [...server.sessions].some(session => session !== first && session.live.has('b'));
    server.sessions.delete(first);
    server.happened();
  };
  client.subscribe('b');
  await client.live(['b']);
  await server.until(() => !server.sessions.has(first));
  assert.ok(open);
  assert.equal(client.states.length, 1, 'and the state stays open');
});

test('on SSE an event that lies before the topic was added is dropped, though the common cursor brings it', async t => {
  const server = await serve(t);
  const client = join(t, server, { transports: ['sse'] });
  client.subscribe('a');
  await client.live(['a']);
  server.publish('b', 'before');
  client.subscribe('b');
  await client.live(['b']);
  const { query } = server.requests.at(-1);
  assert.equal(query.get('cursor'), '0:E1:0-0', 'the stream did begin before the event');
  server.publish('b', 1);
  assert.deepEqual(await client.received('b', 1), [1]);
});
