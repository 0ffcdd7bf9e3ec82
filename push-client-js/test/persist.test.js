import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, serve } from './support/start.js';

/** What a page has, for Node.js. */
function page(t, storage = {}) {
  const windowEvents = new EventTarget();
  globalThis.addEventListener = windowEvents.addEventListener.bind(windowEvents);
  globalThis.sessionStorage = storage;
  t.after(() => {
    delete globalThis.addEventListener;
  });
  return windowEvents;
}

// Before any test makes one.
test('without a storage it works as without the option', async t => {
  const server = await serve(t);
  const client = join(t, server, { persist: true });
  client.subscribe('a');
  await client.live(['a']);
});

for (const transport of ['websocket', 'sse', 'long-poll']) {
  test(`${transport}: after a reload events go on where they were`, async t => {
    const windowEvents = page(t);
    const server = await serve(t);
    const options = { persist: true, transports: [transport] };
    const before = join(t, server, options);
    before.subscribe(['a', 'b']);
    await before.live(['a', 'b']);
    server.publish('a', 1);
    await before.received('a', 1);
    windowEvents.dispatchEvent(new Event('pagehide'));
    server.publish('a', 2);
    server.publish('b', 3);
    const after = join(t, server, options);
    after.subscribe(['a', 'b', 'c']);
    assert.deepEqual(await after.received('a', 1), [2]);
    assert.deepEqual(await after.received('b', 1), [3]);
    assert.deepEqual(after.gaps, []);
    await after.live(['c']);
  });
}

test('a topic that is subscribed a second time on a page begins at the present', async t => {
  const windowEvents = page(t);
  const server = await serve(t);
  const before = join(t, server, { persist: true });
  before.subscribe('a');
  await before.live(['a']);
  windowEvents.dispatchEvent(new Event('pagehide'));
  const after = join(t, server, { persist: true });
  const first = after.subscribe('a');
  await after.live(['a']);
  first.unsubscribe();
  server.publish('a', 1);
  await server.until(() => server.messages.some(({ type }) => type === 'unsubscribe'));
  after.subscribe('a');
  await after.live(['a'], 2);
  server.publish('a', 2);
  assert.deepEqual(await after.received('a', 1), [2]);
});
