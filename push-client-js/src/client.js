import { Connection } from './connection.js';
import { cursorText, parseCursor } from './cursor.js';
import { PushError } from './errors.js';
import { common } from './topics.js';
import { WebSocketLink } from './websocket.js';

export { PushError };

/**
 * @typedef {import('../types/client.d.ts').Push} Push
 * @typedef {import('../types/client.d.ts').PushEvents} PushEvents
 * @typedef {{[K in keyof PushEvents]: Set<(value: PushEvents[K]) => unknown>}} Listeners
 */

/** As in docs/PROTOCOL.md, "Topics". */
const TOPIC = /^[!#-)+-[\]-z|~]{1,200}$/;

/** @type {typeof import('../types/client.d.ts').connect} */
export function connect(url, options = {}) {
  const { href } = new URL(`${url}`.replace(/\/*$/, '/'), globalThis.document?.baseURI);
  /** @type {Listeners} */
  const listeners = { state: new Set(), error: new Set(), gap: new Set(), subscribed: new Set() };
  const connection = new Connection(href, options, (name, value) => tell(listeners, name, value));
  connection.open();
  return {
    get state() {
      return connection.state;
    },
    get transport() {
      return connection.link?.transport;
    },
    get cursor() {
      return cursorText(common(connection.topics.values()));
    },
    subscribe: (topics, handler, how) => subscribe(connection, topics, handler, how),
    publish: (topic, data, how) => publish(connection, { ...how, topic, data }),
    async authenticate(token) {
      const { link } = connection;
      connection.use(token);
      if (link instanceof WebSocketLink) {
        await link.call({ type: 'auth', token: typeof token === 'function' ? await token() : token });
      }
    },
    on(event, listener) {
      listeners[event].add(listener);
      return () => {
        listeners[event].delete(listener);
      };
    },
    close: () => connection.close(),
  };
}

/**
 * @template {keyof PushEvents} K
 * @param {Listeners} listeners
 * @param {K} name
 * @param {PushEvents[K]} value
 */
function tell(listeners, name, value) {
  if (name === 'error' && !listeners.error.size) {
    console.error(value);
  }
  for (const listener of listeners[name]) {
    try {
      listener(value);
    } catch (thrown) {
      // There is nobody else to tell.
      console.error(thrown);
    }
  }
}

/**
 * @param {Connection} connection
 * @param {Parameters<Push['subscribe']>} arguments
 * @returns {import('../types/client.d.ts').Subscription}
 */
function subscribe(connection, ...[topics, handler, { replay = 0, since = '', signal } = {}]) {
  const names = [...new Set(typeof topics === 'string' ? [topics] : topics)];
  for (const name of names) {
    if (!TOPIC.test(name)) {
      throw new TypeError(`not a topic: ${name}`);
    }
  }
  const from = since ? parseCursor(since) : undefined;
  const all = connection.topics;
  connection.checkRoom(all.size + names.filter(name => !all.has(name)).length);
  // One of its own, as the same function may subscribe twice.
  /** @type {import('../types/client.d.ts').Handler} */
  const own = event => handler(event);
  const entries = names.map(name => all.add(name, own, replay, from));
  const unsubscribe = () => {
    signal?.removeEventListener('abort', unsubscribe);
    for (const entry of entries.splice(0)) {
      all.remove(entry, own);
    }
    connection.topicsChanged();
  };
  connection.topicsChanged();
  signal?.addEventListener('abort', unsubscribe);
  if (signal?.aborted) {
    unsubscribe();
  }
  return { topics: names, unsubscribe };
}

/**
 * @param {Connection} connection
 * @param {{topic: string, data: unknown}} event
 * @returns {Promise<import('../types/client.d.ts').Published>}
 */
async function publish({ link, state }, event) {
  if (!(link instanceof WebSocketLink)) {
    const now = link?.transport ?? state.status;
    throw new PushError('not-connected', `needs an open WebSocket, this is ${now}`, { topic: event.topic });
  }
  const { id, duplicate = false } = await link.call({ type: 'publish', event });
  return { id, duplicate };
}
