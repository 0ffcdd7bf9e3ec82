import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { JSDOM } from 'jsdom';
import { join, serve } from './support/start.js';

let react;
let hooks;
let createRoot;

before(async () => {
  const { window } = new JSDOM('<!doctype html>', { pretendToBeVisual: true });
  Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
  globalThis.navigator ??= window.navigator;
  react = await import('react');
  ({ createRoot } = await import('react-dom/client'));
  hooks = await import('edgepush-client/react');
});

/** Renders under StrictMode, which mounts every component twice. */
async function render(t, push, view) {
  const { act, createElement, StrictMode } = react;
  const root = createRoot(document.createElement('div'));
  const show = async () => {
    const tree = createElement(hooks.PushProvider, { push }, createElement(view));
    await act(async () => root.render(createElement(StrictMode, null, tree)));
  };
  await show();
  t.after(() => act(async () => root.unmount()));
  return { show, end: () => act(async () => root.unmount()) };
}

/** Lets React work until the condition holds. */
async function until(client, condition) {
  await react.act(() => client.until(condition));
}

test('a component has the last event, its handler all of them once, and leaves when it is gone', async t => {
  const server = await serve(t);
  const client = join(t, server);
  const handled = [];
  let shown;
  const view = await render(t, client.push, () => {
    shown = hooks.usePush('a', ({ data }) => {
      handled.push(data);
      client.happened();
    })?.data;
    return null;
  });
  assert.equal(shown, undefined);
  await client.live(['a']);
  await react.act(async () => {
    for (const data of [1, 2, 3]) {
      server.publish('a', data);
    }
    await client.until(() => handled.length >= 3);
  });
  assert.deepEqual(handled, [1, 2, 3]);
  assert.equal(shown, 3);
  await view.end();
  const told = type => server.messages.filter(message => message.type === type).length;
  await server.until(() => told('subscribe') > 0 && server.sessions.values().next().value.live.size === 0);
});

test('other topics are subscribed in place of those before, another handler is used without', async t => {
  const server = await serve(t);
  const client = join(t, server);
  let topic = 'a';
  let name = 'first';
  const handled = [];
  const view = await render(t, client.push, () => {
    const mine = name;
    hooks.usePush(topic, ({ data }) => {
      handled.push([mine, data]);
      client.happened();
    });
    return null;
  });
  await client.live(['a']);
  const subscribed = client.subscribed.length;
  name = 'second';
  await view.show();
  server.publish('a', 1);
  await until(client, () => handled.length >= 1);
  assert.equal(client.subscribed.length, subscribed);
  topic = 'b';
  await view.show();
  await client.live(['b']);
  server.publish('a', 2);
  server.publish('b', 3);
  await until(client, () => handled.length >= 2);
  assert.deepEqual(handled, [
    ['second', 1],
    ['second', 3],
  ]);
});

test('a component knows the state of the connection', async t => {
  const server = await serve(t);
  const client = join(t, server);
  let shown;
  await render(t, client.push, () => {
    shown = hooks.useConnectionState().status;
    return null;
  });
  await until(client, () => client.push.state.status === 'open');
  assert.equal(shown, 'open');
  await react.act(async () => client.push.close());
  assert.equal(shown, 'closed');
});

test('without a provider the error says so', async t => {
  t.mock.method(console, 'error', () => {});
  const { act, createElement } = react;
  const root = createRoot(document.createElement('div'));
  const view = () => hooks.useConnectionState().status;
  await assert.rejects(async () => {
    await act(async () => root.render(createElement(view)));
  }, /no PushProvider/);
});
