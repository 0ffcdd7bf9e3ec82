import type { PushError } from './errors.js';

/** The public surface of the client. */

export type TransportName = 'websocket' | 'sse' | 'long-poll';

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** An event as it was published; receivers ignore members that they do not know. */
export interface PushEvent {
  id: string;
  topic: string;
  /** The publisher's name for the kind of event. */
  type?: string;
  /** The conflation key. */
  key?: string;
  /** `base64` when `data` is a base64 string of binary data. */
  encoding?: 'base64';
  // biome-ignore lint/suspicious/noExplicitAny: what a topic carries is known to the application only.
  data: any;
}

/** Events of `topic` after `from`, up to and including `to`, could not be delivered, in whole or in part. */
export interface Gap {
  topic: string;
  from: string;
  to: string;
  /** `retention`, `epoch`, `overflow` (this connection was too slow, or over its rate), or a reason to come. */
  reason: string;
}

/** From now on these topics are live. Comes again after every reconnect. */
export interface Subscribed {
  topics: string[];
  cursor: string;
}

/**
 * What the connection does. `connecting` also stands while SSE or long-poll has no topic to ask for; `waiting` tries again by
 * itself at `retryAt` (milliseconds since 1970); `closed` is the end: `reason` is `closed` after `close()`, or the code that ended it.
 */
export type State =
  | { status: 'connecting' }
  | { status: 'open'; transport: TransportName }
  | { status: 'waiting'; retryAt: number; error: PushError }
  | { status: 'closed'; reason: string; error: PushError | undefined; willRetry: false };

export interface PushErrorDetails {
  topic?: string | undefined;
  transport?: TransportName | undefined;
  status?: number | undefined;
  closeCode?: number | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** A token, or where to get one: asked for at every connect, so that it may return a fresh one. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

export interface ConnectOptions {
  token?: TokenSource | undefined;
  /** Which transports to use, best first. Those that the deployment does not offer are left out. Default: its own order. */
  transports?: TransportName[] | undefined;
  /** Where the platform has none (Node.js 20), a constructor with the browser's interface. */
  WebSocket?: WebSocketConstructor | undefined;
  fetch?: typeof fetch | undefined;
  /** Of every fetch; `include` sends cookies to another origin. Default: `same-origin`. */
  credentials?: RequestCredentials | undefined;
  /** Where the topics stand is kept in sessionStorage, so that a reload misses nothing. Default: no. */
  persist?: boolean | undefined;
  /**
   * The tabs of this origin that ask for it share one connection, with the token of one of them. Needs Web Locks and BroadcastChannel,
   * and does without where they are not. Loads `client.share.js`, which lies beside this script. Default: no.
   */
  share?: boolean | undefined;
  /** Aborting closes. */
  signal?: AbortSignal | undefined;
  /** When to try a better transport again after it has failed, in milliseconds; each time a little later. Default: 60000. */
  upgradeMs?: number | undefined;
  /** How long a transport may take until it works, in milliseconds. Default: 5000. */
  connectTimeoutMs?: number | undefined;
  /** The first and the greatest back-off, in milliseconds; each wait is a random part of it. Default: [500, 30000]. */
  backoffMs?: [number, number] | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: other WebSocket libraries have interfaces of their own.
export type WebSocketConstructor = new (url: string, protocols: string[]) => any;

export interface SubscribeOptions {
  /** The newest N retained events of each topic come first. 0–1,000, default 0. */
  replay?: number | undefined;
  /** Resume behind this cursor (see `Push.cursor`); beats `replay`. */
  since?: string | undefined;
  /** Aborting unsubscribes. */
  signal?: AbortSignal | undefined;
}

export interface PublishOptions {
  type?: string | undefined;
  key?: string | undefined;
  /** The idempotency key: publishing again with it stores nothing. */
  id?: string | undefined;
  /** `base64` when `data` is a base64 string of binary data. */
  encoding?: 'base64' | undefined;
  /** Only this session, or the sessions of this subject, of those who subscribe the topic. */
  to?: { session: string } | { subject: string } | undefined;
  /** All but this session. */
  exclude?: string | undefined;
  /** Nobody gets it later than so many milliseconds from now. */
  ttlMs?: number | undefined;
  /** Nobody gets it later; a time as in RFC 3339. Not together with `ttlMs`. */
  expiresAt?: string | undefined;
  /** Aborting stops waiting; the event may be stored all the same. */
  signal?: AbortSignal | undefined;
}

export interface Published {
  id: string;
  duplicate: boolean;
}

export interface Subscription {
  readonly topics: readonly string[];
  /** No call of the handler comes after this. May be called again. */
  unsubscribe(): void;
}

export type Handler = (event: PushEvent) => unknown;

export interface PushEvents {
  state: State;
  error: PushError;
  gap: Gap;
  subscribed: Subscribed;
}

/** One connection to the service, which keeps itself up until `close()`. */
export interface Push {
  readonly state: State;
  /** The transport in use, while the state is open. */
  readonly transport: TransportName | undefined;
  /** Resumes all topics that have been live, over any transport, on any node. Empty before. */
  readonly cursor: string;
  /**
   * Calls the handler with each event of the topics, in order per topic, no event twice. `replay` and `since` count for
   * topics that are not subscribed yet; a further handler of a topic gets what comes from now on.
   *
   * @throws {TypeError} when a topic is not valid
   * @throws {PushError} `closed`; `too-many-topics` when no permitted transport can carry so many
   */
  subscribe(topics: string | readonly string[], handler: Handler, options?: SubscribeOptions): Subscription;
  /**
   * Without a handler the events are iterated over. Leaving the loop unsubscribes; unsubscribing, aborting and `close()` end it.
   * At most 10,000 events wait: one that is slower ends with a PushError `too-slow`.
   */
  subscribe(topics: string | readonly string[], options?: SubscribeOptions): Subscription & AsyncIterable<PushEvent>;
  /**
   * Publishes over the open WebSocket. It rejects with a PushError: `not-connected` over another transport or while there is no
   * connection; `connection-lost` when it is not known whether the event was stored (repeat with the same `id`); or the service's code.
   */
  publish(topic: string, data: Json, options?: PublishOptions): Promise<Published>;
  /** Presents a new token, or asks the one source again: at once over WebSocket, by a new request that takes over otherwise. */
  refreshToken(token?: TokenSource, options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /** Listens; the returned function ends it, as does aborting. */
  on<K extends keyof PushEvents>(
    event: K,
    listener: (value: PushEvents[K]) => unknown,
    options?: { signal?: AbortSignal | undefined },
  ): () => void;
  /** Ends everything. May be called again. */
  close(): void;
}
