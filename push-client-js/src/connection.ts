import { backoff } from './backoff.js';
import { asPushError, PushError } from './errors.js';
import { get } from './http.js';
import type { Deployment, Link, Owner } from './link.js';
import { PollLink } from './poll.js';
import { StreamLink } from './stream.js';
import { Topics } from './topics.js';
import type { ConnectOptions, PushEvents, State, TransportName } from './types.js';
import { WebSocketLink } from './websocket.js';

/** What the service offers. */
interface Negotiated extends Pick<Deployment, 'limits' | 'pollWaitMs'> {
  url: string;
  transports: TransportName[];
}

/** A link that held for so long was a good one: the back-off begins again. */
const STABLE_MS = 10_000;

const LINKS = { websocket: WebSocketLink, sse: StreamLink, 'long-poll': PollLink };

const DEFAULTS = {
  connectTimeoutMs: 5000,
  backoffMs: [500, 30_000] as [number, number],
  upgradeMs: 60_000,
};

type Listeners = { [K in keyof PushEvents]: Set<(value: PushEvents[K]) => unknown> };

type Options = ConnectOptions & typeof DEFAULTS & Pick<Deployment, 'WebSocket' | 'credentials'>;

/** Transports that do not work from here, by URL: all connections of the page learn from one. */
const sites = new Map<string, Set<TransportName>>();

/**
 * Keeps one link up: chooses its transport, replaces it when it ends, and waits where that is asked for.
 *
 *     connecting → open → waiting → connecting …, and closed from anywhere
 */
export class Connection implements Owner {
  state: State = { status: 'connecting' };
  link: Link | undefined;
  readonly topics = new Topics((name, value) => this.emit(name, value));
  readonly listeners: Listeners = { state: new Set(), error: new Set(), gap: new Set(), subscribed: new Set() };
  /** Aborted when all has ended. */
  readonly closed = new AbortController();
  /** Answers options that are to be loaded first. */
  prepare: (() => Promise<ConnectOptions>) | undefined;
  /** The link that is being opened; there may be an open one that it is going to replace. */
  #opening: Link | undefined;
  /** How often a better transport was tried. */
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #negotiated: Negotiated | undefined;
  /** The token that was presented last. */
  #token: string | undefined;
  /** Whether the transport at hand has worked, so that it gets a second try: more likely the service is away. */
  #trusted = false;
  /** How often we have waited since the last good link. */
  #attempts = 0;
  /** Nothing to do on SSE and long-poll without topics. */
  #idle = false;
  #changed = false;
  /** Tells a call that went on meanwhile from the one that counts. */
  #turn = 0;
  /** Of what is going on: proving to be good, waiting. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #url;
  #failed: Set<TransportName>;
  #options: Options;

  constructor(base: string, options: ConnectOptions) {
    this.#url = new URL('negotiate', base);
    this.#failed = sites.get(base) ?? new Set();
    sites.set(base, this.#failed);
    this.#options = { ...DEFAULTS, WebSocket: globalThis.WebSocket, ...options } as Options;
    this.hear('online', () => this.#wake(true));
    this.hear('visibilitychange', () => this.#wake());
    // A page with connections cannot be kept for the way back.
    this.hear('pagehide', () => {
      this.#turn++;
      this.#drop();
    });
    this.hear('pageshow', ({ persisted }) => persisted && this.open());
  }

  async use(token = this.#options.token, signal?: AbortSignal) {
    this.#options.token = token;
    const before = this.#token;
    const { link } = this;
    if (link && (await this.#fresh()) !== before) {
      if (link instanceof WebSocketLink) {
        await link.ask({ type: 'auth', token: this.#token }, signal);
      } else {
        this.renew();
      }
    }
  }

  /**
   * @param count of topics there would be
   * @param link the one that has to carry them
   * @throws {PushError} when it cannot
   */
  checkRoom(count: number, link: Link | undefined = this.link) {
    if (this.closed.signal.aborted) {
      throw new PushError('closed');
    }
    if (link?.room && count > link.room) {
      throw new PushError('too-many-topics');
    }
  }

  /** The topics are about to change; many changes at once count as one. */
  topicsChanged() {
    if (!this.#changed) {
      this.#changed = true;
      queueMicrotask(() => {
        this.#changed = false;
        const opening = this.#opening;
        if (this.#idle) {
          this.open();
        } else {
          // Over another transport it is not sure yet that the new one will work.
          if (opening?.transport !== this.link?.transport) {
            this.link?.topicsChanged();
          }
          opening?.topicsChanged();
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
    try {
      Object.assign(options, await this.prepare?.());
      this.#negotiated ??= await (
        await get(options, this.#url, 'application/json', AbortSignal.timeout(options.connectTimeoutMs))
      ).json();
      await this.#fresh();
      if (turn === this.#turn) {
        this.#connect(this.#negotiated as Negotiated);
      }
    } catch (thrown) {
      if (turn === this.#turn) {
        this.#drop();
        this.#settle(asPushError(thrown));
      }
    }
  }

  emit<K extends keyof PushEvents>(name: K, value: PushEvents[K]) {
    const listeners = this.listeners[name];
    if (name === 'error' && !listeners.size) {
      console.error(value);
    }
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (thrown) {
        // There is nobody else to tell.
        console.error(thrown);
      }
    }
  }

  renew() {
    this.#turn++;
    this.#opening?.close();
    this.#opening = undefined;
    if (this.topics.size) {
      this.open();
    } else {
      this.#rest();
    }
  }

  opened(link: Link, catchingUp?: boolean) {
    if (link === this.#opening) {
      link.works();
      this.#trusted = true;
      if (!catchingUp || !this.link) {
        this.link?.close();
        this.link = link;
        this.#opening = undefined;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          this.#attempts = 0;
        }, STABLE_MS);
        this.#become({ status: 'open', transport: link.transport });
        this.#lookForBetter();
      }
    }
  }

  ended(link: Link, error: PushError) {
    const { transport } = link;
    const opened = link === this.link;
    if (link === this.#opening && this.link && this.link.transport !== transport) {
      // Not the better one yet. Another of the kind at hand takes over, with the topics as they are now.
      this.#failed.add(transport);
      this.#opening = undefined;
      this.open();
    } else if (opened || link === this.#opening) {
      this.#drop();
      if (link.withheld && this.#candidates.left.length > 1) {
        this.#failed.add(transport);
        this.emit('error', error);
      }
      this.#settle(error, transport, opened);
    }
  }

  /** @param error why, unless it is wanted */
  close(error?: PushError) {
    if (!this.closed.signal.aborted) {
      this.#turn++;
      this.#drop();
      this.#idle = false;
      if (error) {
        this.emit('error', error);
      }
      this.#become({ status: 'closed', reason: error?.code ?? 'closed', error, willRetry: false });
      this.closed.abort();
    }
  }

  /** The transports that both sides have, best first, and what is left of them when those that failed are left out. */
  get #candidates() {
    const { transports, WebSocket } = this.#options;
    const offered = this.#negotiated?.transports ?? [];
    const usable = (transports ?? offered).filter(
      name => offered.includes(name) && name in LINKS && (name !== 'websocket' || WebSocket),
    );
    return { usable, left: usable.filter(name => !this.#failed.has(name)) };
  }

  /** Listens to the page, where there is one. */
  hear(event: string, listener: (event: PageTransitionEvent) => void) {
    // A controller is read as options: of their members it has `signal`.
    globalThis.addEventListener?.(event, listener as EventListener, this.closed);
  }

  async #fresh() {
    const { token } = this.#options;
    this.#token = typeof token === 'function' ? await token() : token;
    return this.#token;
  }

  /** What did not work may work by and by. */
  #lookForBetter() {
    clearTimeout(this.#retry);
    if (this.link?.transport !== this.#candidates.usable[0]) {
      this.#retry = setTimeout(
        () => {
          this.#failed.clear();
          this.renew();
        },
        this.#options.upgradeMs * ++this.#tries,
      );
    }
  }

  #connect(negotiated: Negotiated) {
    const { usable, left } = this.#candidates;
    const [transport] = left.concat(usable);
    if (!transport) {
      this.close(new PushError('no-transport'));
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
      link.begin().catch(thrown => link.fail(thrown));
    }
  }

  /** Nothing to do before there is a topic. */
  #rest() {
    this.#drop();
    this.#idle = true;
    this.#become({ status: 'connecting' });
  }

  /** Decides how to go on after an end: docs/PROTOCOL.md, "Close codes". */
  #settle(error: PushError, transport?: TransportName, opened?: boolean) {
    const { backoffMs, token } = this.#options;
    const { closeCode = 0, retryAfterMs } = error;
    const range = (closeCode / 100) | 0;
    // There may be another token, once.
    const again = closeCode === 4001 && !this.#attempts && token !== this.#token;
    if (range === 40 && transport && !again) {
      this.close(error);
    } else if (range < 40 && transport && !opened && this.#fallBack(error, transport)) {
      this.open();
    } else {
      const atOnce = range === 42;
      const ms =
        retryAfterMs == null
          ? atOnce && !this.#attempts
            ? 0
            : backoff(this.#attempts, backoffMs)
          : // The delay of a `reconnect` is spread already; all who were told another should not come at the same time.
            retryAfterMs + (atOnce ? 0 : backoff(0, backoffMs));
      this.#attempts++;
      this.#timer = setTimeout(() => this.open(), ms);
      this.#become({ status: 'waiting', retryAt: Date.now() + ms, error });
    }
  }

  /**
   * A transport has not come to work.
   *
   * @returns whether to try another one now
   */
  #fallBack(error: PushError, transport: TransportName): boolean {
    if (!this.#trusted) {
      this.#failed.add(transport);
      this.emit('error', error);
      if (this.#candidates.left.length) {
        return true;
      }
      this.#failed.clear();
      this.#negotiated = undefined;
    }
    this.#trusted = false;
    return false;
  }

  /** The network is back, or the page is looked at again. */
  #wake(online = false) {
    const { state, link } = this;
    // A time that the service named is kept.
    if (state.status === 'waiting' && state.error.retryAfterMs == null) {
      this.open();
    } else if (link && (online || link.stale)) {
      link.lose();
    }
  }

  #drop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    this.#opening?.close();
    this.link?.close();
    this.#opening = undefined;
    this.link = undefined;
  }

  #become(state: State) {
    const changed = JSON.stringify(this.state) !== JSON.stringify(state);
    this.state = state;
    if (changed) {
      this.emit('state', state);
    }
  }
}
