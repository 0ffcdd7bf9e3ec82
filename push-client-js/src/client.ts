import { Connection } from './connection.js';
import { cursorText, parseCursor } from './cursor.js';
import { onAbort, PushError } from './errors.js';
import { persistence } from './persist.js';
import { read } from './read.js';
import { common } from './topics.js';
import type {
  ConnectOptions,
  Handler,
  Published,
  PublishOptions,
  Push,
  PushEvent,
  SubscribeOptions,
  Subscription,
} from './types.js';
import { WebSocketLink } from './websocket.js';

export type * from './types.js';
export { PushError };

/** As in docs/PROTOCOL.md, "Topics". */
const TOPIC = /^[!#-)+-[\]-z|~]{1,200}$/;

/** How many events wait for an iteration that is slow. */
const MAX_WAITING = 10_000;

/**
 * Connects to the service at a URL (its root, absolute or relative to the page): negotiates, then takes the best transport that
 * works. Failures are told by `state` and `error`.
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Push {
  const { href } = new URL(`${url}`.replace(/\/*$/, '/'), globalThis.document?.baseURI);
  const connection = new Connection(href, options);
  const saved = options.persist ? persistence(href, connection) : {};
  if (options.share) {
    const alone = () => connect(href, { ...options, persist: false, share: false });
    // By itself, as most pages do without.
    connection.prepare = async () => (await import('./client.share.js')).share(alone, href, connection.closed.signal);
  }
  onAbort(options.signal, () => connection.close());
  if (!options.signal?.aborted) {
    connection.open();
  }
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
    subscribe: (topics: string | readonly string[], handler?: Handler | SubscribeOptions, how?: SubscribeOptions) =>
      subscribe(connection, saved, topics, handler, how),
    publish: (topic, data, { signal, ...how } = {}) => publish(connection, { ...how, topic, data }, signal),
    refreshToken: (token, { signal } = {}) => connection.use(token, signal),
    on(event, listener, { signal } = {}) {
      const listeners = connection.listeners[event];
      const off = () => {
        listeners.delete(listener);
      };
      listeners.add(listener);
      onAbort(signal, off);
      return off;
    },
    close: () => connection.close(),
  };
}

function subscribe(
  connection: Connection,
  saved: Record<string, string>,
  topics: string | readonly string[],
  handler?: Handler | SubscribeOptions,
  options?: SubscribeOptions,
): Subscription & AsyncIterable<PushEvent> {
  const called = typeof handler === 'function';
  const { replay = 0, since, signal } = (called ? options : handler) ?? {};
  const names = [...new Set([topics].flat())];
  for (const name of names) {
    if (!TOPIC.test(name)) {
      throw new TypeError(`invalid: ${name}`);
    }
  }
  const all = connection.topics;
  connection.checkRoom(new Set([...all.keys(), ...names]).size);
  let events!: ReadableStreamDefaultController<PushEvent>;
  const stream = new ReadableStream<PushEvent>(
    {
      start(controller) {
        events = controller;
      },
    },
    { highWaterMark: MAX_WAITING },
  );
  // One of its own, as the same function may subscribe twice.
  const own: Handler = called
    ? event => handler(event)
    : event => {
        events.enqueue(event);
        if (!events.desiredSize) {
          events.error(new PushError('too-slow'));
          unsubscribe();
        }
      };
  const entries = names.map(name => {
    const place = since || saved[name];
    delete saved[name];
    return all.add(name, own, replay, place ? parseCursor(place) : undefined);
  });
  const unsubscribe = () => {
    ends.map(end => end?.removeEventListener('abort', unsubscribe));
    for (const entry of entries.splice(0)) {
      all.remove(entry, own);
    }
    connection.topicsChanged();
    if (events.desiredSize) {
      events.close();
    }
  };
  connection.topicsChanged();
  const ends = [connection.closed.signal, signal];
  ends.map(end => onAbort(end, unsubscribe));
  return {
    topics: names,
    unsubscribe,
    async *[Symbol.asyncIterator]() {
      try {
        yield* read(stream);
      } finally {
        unsubscribe();
      }
    },
  };
}

async function publish(
  { link }: Connection,
  event: PublishOptions & { topic: string; data: unknown },
  signal: AbortSignal | undefined,
): Promise<Published> {
  if (!(link instanceof WebSocketLink)) {
    throw new PushError('not-connected');
  }
  const { id, duplicate = false } = await link.ask({ type: 'publish', event }, signal);
  return { id, duplicate };
}
