import { backoff } from './backoff.js';
import { asPushError, PushError } from './errors.js';
import { get } from './http.js';
import { PollLink } from './poll.js';
import { StreamLink } from './stream.js';
import { Topics } from './topics.js';
import { WebSocketLink } from './websocket.js';

/**
 * Keeps one link up: chooses its transport, replaces it when it ends, and waits where that is asked for.
 *
 *     connecting → open → waiting → connecting …, and closed from anywhere
 *
 * @typedef {import('../types/client.d.ts').TransportName} TransportName
 * @typedef {import('../types/client.d.ts').ConnectOptions} ConnectOptions
 * @typedef {import('../types/client.d.ts').State} State
 * @typedef {import('./link.js').Link} Link
 * @typedef {import('./link.js').Owner} Owner
 * @typedef {Pick<import('./link.js').Deployment, 'limits' | 'pollWaitMs'> & {url: string, transports: TransportName[]}} Negotiated
 * @typedef {{failed: Set<TransportName>, negotiated: Promise<Negotiated> | undefined}} Site what the page knows of the service at
 *   one URL: transports that do not work from here, and what it offers
 */

/** A link that held for so long was a good one: the back-off begins again. */
const STABLE_MS = 10_000;

const LINKS = { websocket: WebSocketLink, sse: StreamLink, 'long-poll': PollLink };

/** @type {Map<string, Site>} */
const sites = new Map();

/** @implements {Owner} */
export class Connection {
  /** @type {State} */
  state = { status: 'connecting' };
  /** @type {Link | undefined} */
  link;
  /** The link that is being opened; there may be an open one that it is going to replace. @type {Link | undefined} */
  #opening;
  /** @type {Negotiated | undefined} */
  #negotiated;
  /** The token that was presented last. @type {string | undefined} */
  #token;
  /** Whether the transport at hand has worked, so that it gets a second try: more likely the service is away. */
  #trusted = false;
  /** How often we have waited since the last good link. */
  #attempts = 0;
  /** Nothing to do on SSE and long-poll without topics. */
  #idle = false;
  #changed = false;
  #closed = new AbortController();
  /** Tells a call that went on meanwhile from the one that counts. */
  #turn = 0;
  /** Of what is going on: connecting, proving to be good, waiting. @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #url;
  /** @type {Site} */
  #site;
  #options;

  /**
   * @param {string} base
   * @param {ConnectOptions} options
   * @param {import('./topics.js').Emit} emit
   */
  constructor(
    base,
    {
      transports,
      token,
      connectTimeoutMs = 5000,
      backoffMs = [500, 30_000],
      credentials = 'same-origin',
      WebSocket = globalThis.WebSocket,
      fetch = (input, init) => globalThis.fetch(input, init),
    },
    emit,
  ) {
    this.#url = new URL('negotiate', base);
    this.#site = sites.get(base) ?? { failed: new Set(), negotiated: undefined };
    sites.set(base, this.#site);
    this.#options = { transports, token, connectTimeoutMs, backoffMs, credentials, WebSocket, fetch };
    this.emit = emit;
    this.topics = new Topics(emit);
    const { signal } = this.#closed;
    globalThis.addEventListener?.('online', this.#wake, { signal });
    globalThis.document?.addEventListener('visibilitychange', this.#wake, { signal });
  }

  /**
   * Presents another token from the next request on.
   *
   * @param {import('../types/client.d.ts').TokenSource} token
   */
  use(token) {
    this.#options.token = token;
  }

  /**
   * @param {number} count of topics there would be
   * @param {Link} [link] the one that has to carry them
   * @throws {PushError} when it cannot
   */
  checkRoom(count, link = this.link) {
    if (this.state.status === 'closed') {
      throw new PushError('closed', 'is closed');
    }
    if (link?.room && count > link.room) {
      throw new PushError('too-many-topics', `${link.transport} carries only ${link.room} topics`);
    }
  }

  /** The topics are about to change; many changes at once count as one. */
  topicsChanged() {
    if (!this.#changed) {
      this.#changed = true;
      queueMicrotask(() => {
        this.#changed = false;
        if (this.#idle) {
          this.open();
        } else {
          (this.#opening ?? this.link)?.topicsChanged();
        }
      });
    }
  }

  /** Opens a link over the best transport that has not failed. */
  async open() {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#idle = false;
    if (!this.link) {
      this.#become({ status: 'connecting' });
    }
    const options = this.#options;
    const { token, connectTimeoutMs } = options;
    const site = this.#site;
    try {
      site.negotiated ??= get(options, this.#url, 'application/json', AbortSignal.timeout(connectTimeoutMs)).then(
        answer => answer.json(),
      );
      this.#negotiated = await site.negotiated;
      this.#token = typeof token === 'function' ? await token() : token;
      if (turn === this.#turn) {
        this.#connect(this.#negotiated);
      }
    } catch (thrown) {
      site.negotiated = undefined;
      if (turn === this.#turn) {
        this.#drop();
        this.#settle(asPushError(thrown));
      }
    }
  }

  replace() {
    this.#turn++;
    this.#opening?.close();
    this.#opening = undefined;
    if (this.topics.size) {
      this.open();
    } else {
      this.#rest();
    }
  }

  /**
   * @param {Link} link
   * @param {boolean} [catchingUp]
   */
  opened(link, catchingUp) {
    if (link === this.#opening) {
      clearTimeout(this.#timer);
      this.#trusted = true;
      if (!catchingUp || !this.link) {
        this.link?.close();
        this.link = link;
        this.#opening = undefined;
        this.#timer = setTimeout(() => {
          this.#attempts = 0;
        }, STABLE_MS);
        this.#become({ status: 'open', transport: link.transport });
      }
    }
  }

  /**
   * @param {Link} link
   * @param {PushError} error
   */
  ended(link, error) {
    const opened = link === this.link;
    if (opened || link === this.#opening) {
      this.#drop();
      this.#settle(error, link.transport, opened);
    }
  }

  /** @param {PushError} [error] why, unless it is wanted */
  close(error) {
    if (this.state.status !== 'closed') {
      this.#turn++;
      this.#drop();
      this.#closed.abort();
      this.#idle = false;
      if (error) {
        this.emit('error', error);
      }
      this.#become({ status: 'closed', reason: error?.code ?? 'closed', error });
    }
  }

  /** The transports that both sides have, best first, and what is left of them when those that failed are left out. */
  get #candidates() {
    const { transports, WebSocket } = this.#options;
    const offered = this.#negotiated?.transports ?? [];
    const usable = (transports ?? offered).filter(
      name => offered.includes(name) && name in LINKS && (name !== 'websocket' || WebSocket),
    );
    return { usable, left: usable.filter(name => !this.#site.failed.has(name)) };
  }

  /** @param {Negotiated} negotiated */
  #connect(negotiated) {
    const { usable, left } = this.#candidates;
    const [transport] = left.concat(usable);
    const { connectTimeoutMs } = this.#options;
    if (!transport) {
      this.close(new PushError('no-transport', 'no transport fits'));
    } else if (transport !== 'websocket' && !this.topics.size) {
      this.#rest();
    } else {
      const link = new LINKS[transport](transport, this, {
        ...this.#options,
        ...negotiated,
        token: this.#token,
        endpoint: new URL(negotiated.url, this.#url),
      });
      this.#opening = link;
      this.#timer = setTimeout(() => link.end(`no answer in ${connectTimeoutMs} ms`), connectTimeoutMs);
      link.start().catch(thrown => link.end(thrown));
    }
  }

  /** Nothing to do before there is a topic. */
  #rest() {
    this.#drop();
    this.#idle = true;
    this.#become({ status: 'connecting' });
  }

  /**
   * Decides how to go on after an end: docs/PROTOCOL.md, "Close codes".
   *
   * @param {PushError} error
   * @param {TransportName} [transport] missing when it did not come so far
   * @param {boolean} [opened]
   */
  #settle(error, transport, opened) {
    const { backoffMs, token } = this.#options;
    const { closeCode = 0, retryAfterMs } = error;
    const range = Math.floor(closeCode / 100);
    // There may be another token, once.
    const renew = closeCode === 4001 && !this.#attempts && (typeof token === 'function' || token !== this.#token);
    if (range === 40 && transport && !renew) {
      this.close(error);
    } else if (range < 40 && transport && !opened && this.#fallBack(error, transport)) {
      this.open();
    } else {
      let ms = range === 42 && !this.#attempts ? 0 : backoff(this.#attempts, backoffMs);
      if (retryAfterMs !== undefined) {
        // The delay of a `reconnect` is spread already; all who were told another should not come at the same time.
        ms = retryAfterMs + (range === 42 ? 0 : backoff(0, backoffMs));
      }
      this.#attempts++;
      this.#timer = setTimeout(() => this.open(), ms);
      this.#become({ status: 'waiting', retryAt: Date.now() + ms, error });
    }
  }

  /**
   * A transport has not come to work.
   *
   * @param {PushError} error
   * @param {TransportName} transport
   * @returns {boolean} whether to try another one now
   */
  #fallBack(error, transport) {
    if (this.#trusted) {
      this.#trusted = false;
      return false;
    }
    this.#site.failed.add(transport);
    this.emit('error', error);
    if (this.#candidates.left.length) {
      return true;
    }
    this.#site.failed.clear();
    this.#site.negotiated = undefined;
    return false;
  }

  /** The network is back, or the page is looked at again. */
  #wake = () => {
    const { state, link } = this;
    // A time that the service named is kept.
    if (state.status === 'waiting' && state.error.retryAfterMs === undefined) {
      this.open();
    } else if (link?.stale) {
      link.lose(4200);
    }
  };

  #drop() {
    clearTimeout(this.#timer);
    this.#opening?.close();
    this.link?.close();
    this.#opening = undefined;
    this.link = undefined;
  }

  /** @param {State} state */
  #become(state) {
    const { status } = this.state;
    this.state = state;
    if (status !== state.status) {
      this.emit('state', state);
    }
  }
}
