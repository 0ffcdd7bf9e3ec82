import { onAbort, type PushError } from './errors.js';
import type { ConnectOptions, Push, PushEvent, Subscription, WebSocketConstructor } from './types.js';

/**
 * One connection for all tabs of an origin: what `share: true` loads.
 *
 * Each tab has a client of its own, unchanged, with its own cursor and its own filter for duplicates. Only its WebSocket is none: it is
 * a {@link TabSocket}, which speaks the same protocol over a BroadcastChannel to the tab that has the real connection, the leader.
 * Leader is who has a Web Lock. When it closes, crashes or freezes, another tab gets the lock or takes it, and the clients of all tabs
 * do what they do after any lost connection: they resume by the cursor. So nothing is lost or doubled in any tab.
 *
 * The leader's connection is made with the leader's token: share only where all tabs are of the same user.
 */

/** How often a tab that is looked at asks the leader whether it is there. */
const PING_MS = 2500;
/** So many unanswered, and the leader is taken for dead. */
const MAX_PINGS = 4;
/** For the tab's client, whose own watch is not needed: a tab in the background hears nothing when there is nothing to hear. */
const HEARTBEAT_MS = 1e8;
/** How long a tab waits for a leader to answer before it takes the lock. */
const ANSWER_MS = 1500;
/** How many events of one session may wait for its replay. */
const MAX_HELD = 10_000;

/** What goes over the channel: `to` names the tab's socket, none is the leader; `by` the leader. */
interface Letter {
  to?: string;
  by?: string;
  /** A tab's socket wants to be one, wants an answer, or was one. */
  hello?: string;
  ping?: string;
  bye?: string;
  /** A message of the protocol. */
  text?: string;
  /** Closes the socket. */
  close?: [code: number, reason: string];
}

/** What was answered, by when the tab takes part no more. */
const parts = new WeakMap<AbortSignal, Promise<ConnectOptions>>();

/**
 * How a tab takes part.
 *
 * @param alone makes the connection that the tabs share, once this tab leads
 * @param name of the service: tabs that name the same one share
 * @param closed when the tab takes part no more; the answer to the same one is the same
 * @returns options of the tab's own client; none where there are no Web Locks (an insecure context, a sandboxed frame) or BroadcastChannel
 */
export function share(alone: () => Push, name: string, closed: AbortSignal): Promise<ConnectOptions> {
  const part = parts.get(closed) ?? takePart(alone, `edgepush ${name}`, closed);
  parts.set(closed, part);
  return part;
}

async function takePart(alone: () => Push, name: string, closed: AbortSignal): Promise<ConnectOptions> {
  const { locks } = globalThis.navigator ?? {};
  if (!globalThis.BroadcastChannel || !(await locks?.query().catch(() => undefined))) {
    return {};
  }
  const candidate = new Candidate(name, locks, closed, () => new Leader(name, alone));
  class Socket extends TabSocket {
    constructor() {
      super(name, candidate);
    }
  }
  return { transports: ['websocket'], WebSocket: Socket as WebSocketConstructor };
}

/** A tab: waits to become the leader. */
class Candidate {
  readonly tab = crypto.randomUUID();
  /** Resolves when this tab can be seen by its lock. */
  here = Promise.resolve();
  /** Lets go of the connection that is shared, as far as this tab has a part in it. */
  letGo = () => {};
  #leave = () => {};
  #resign = () => {};

  constructor(
    readonly name: string,
    readonly locks: LockManager,
    readonly closed: AbortSignal,
    readonly lead: () => Leader,
  ) {
    const hear = (event: string, then: (event: PageTransitionEvent) => void) =>
      globalThis.addEventListener?.(event, then as EventListener, { signal: closed, capture: true });
    this.#arrive();
    // Frozen it would hear nothing, and what is said to it would pile up.
    hear('freeze', () => {
      this.#resign();
      this.letGo();
    });
    hear('resume', () => this.stand());
    // Without locks a page can be kept for the way back.
    hear('pagehide', () => this.#depart());
    hear('pageshow', ({ persisted }) => persisted && this.#arrive());
    closed.addEventListener('abort', () => this.#depart());
  }

  /** @param steal whether it is taken from a leader that says nothing */
  stand(steal = false) {
    this.#resign();
    if (!this.closed.aborted) {
      this.#resign = this.#hold(this.name, steal, () => {
        const leader = this.lead();
        return () => leader.end();
      });
    }
  }

  #arrive() {
    this.here = new Promise(resolve => {
      // Held as long as this tab lives: the leader learns by it when we are gone.
      this.#leave = this.#hold(`${this.name} ${this.tab}`, false, () => {
        resolve();
        return () => {};
      });
    });
    this.stand();
  }

  #depart() {
    this.#resign();
    this.#leave();
  }

  /**
   * @param granted what to do when the lock is ours; it answers what to do when it is no more
   * @returns lets go of the lock, or wants it no more
   */
  #hold(name: string, steal: boolean, granted: () => () => void): () => void {
    const waiting = new AbortController();
    let held = false;
    let end = () => {};
    let release = () => waiting.abort();
    this.locks
      .request(name, steal ? { steal } : { signal: waiting.signal }, () => {
        // What is stolen cannot be waited for with a signal.
        if (waiting.signal.aborted) {
          return undefined;
        }
        held = true;
        end = granted();
        return new Promise<void>(resolve => {
          release = () => {
            end();
            resolve();
          };
        });
      })
      .catch(() => {
        // Stolen, or not wanted any more.
        end();
        if (held) {
          this.stand();
        }
      });
    return () => release();
  }
}

/** A tab's end: a WebSocket to the client, letters to the leader. */
class TabSocket {
  onopen?: () => void;
  onmessage?: (message: { data: string }) => void;
  onclose?: (close: { code: number; reason: string }) => void;
  #id = crypto.randomUUID();
  #channel;
  #leader: string | undefined;
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pings = 0;
  #candidate;

  constructor(name: string, candidate: Candidate) {
    this.#candidate = candidate;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Letter>) => this.#letter(data);
    candidate.letGo = () => {
      if (!this.#over) {
        this.#channel.postMessage({ bye: this.#id });
        this.#end(4200, 'frozen');
      }
    };
    candidate.here.then(() => this.#greet());
  }

  send(text: string) {
    if (this.#over) {
      return;
    }
    this.#channel.postMessage({ to: this.#leader, by: this.#id, text });
  }

  close() {
    if (!this.#over) {
      this.#channel.postMessage({ bye: this.#id });
      this.#end(1000, '');
    }
  }

  #end(code: number, reason: string) {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#channel.close();
    this.onclose?.({ code, reason });
  }

  #greet() {
    if (!this.#over) {
      clearTimeout(this.#timer);
      // Not all tabs at once.
      this.#timer = setTimeout(() => this.#candidate.stand(true), ANSWER_MS * (1 + Math.random()));
      this.#channel.postMessage({ hello: `${this.#id} ${this.#candidate.tab}` });
    }
  }

  /** Counts questions, not time: timers of a tab in the background hardly run, and a machine may have slept. */
  #ask() {
    if (globalThis.document?.visibilityState === 'hidden') {
      this.#pings = 0;
    } else if (this.#pings++ < MAX_PINGS) {
      this.#channel.postMessage({ ping: this.#id });
    } else {
      this.#end(4200, 'the leader is silent');
      return;
    }
    this.#timer = setTimeout(() => this.#ask(), PING_MS);
  }

  #letter({ to, by, text, close }: Letter) {
    if (by && !to && !text) {
      // A leader has come up.
      if (this.#leader) {
        this.#end(4200, 'another tab leads');
      } else {
        this.#greet();
      }
    } else if (to === this.#id && by && (!this.#leader || by === this.#leader)) {
      this.#pings = 0;
      if (!this.#leader) {
        this.#leader = by;
        clearTimeout(this.#timer);
        this.#ask();
        this.onopen?.();
      }
      if (close) {
        this.#end(...close);
      } else if (text) {
        this.onmessage?.({ data: text });
      }
    }
  }
}

/** One tab's socket at the leader's side. */
interface Session {
  id: string;
  tab: string;
  /** Topics, and what has come of them while their replay is not done. */
  topics: Map<string, PushEvent[] | undefined>;
  /** Whether it has presented a token; the first one is that which its tab has, a later one is news. */
  known: boolean;
}

interface Ask {
  type: string;
  ref: number;
  topics: string[];
  cursor?: string;
  replay?: number;
  token: string;
  event: { topic: string; data: never };
}

/** The tab that has the connection, and serves the sockets of all. */
class Leader {
  #id = crypto.randomUUID();
  #channel;
  #sessions = new Map<string, Session>();
  #subscriptions = new Map<string, { count: number; live: Promise<void>; subscription: Subscription }>();
  #waiting = new Map<string, () => void>();
  /** How the connection has ended, if it has. */
  #verdict: [code: number, reason: string] | undefined;
  #over = new AbortController();
  #tabs = new Set<string>();

  readonly push: Push;

  constructor(
    readonly name: string,
    readonly open: () => Push,
  ) {
    const push = open();
    this.push = push;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Letter>) => this.#letter(data);
    push.on('subscribed', ({ topics }) => {
      for (const topic of topics) {
        this.#waiting.get(topic)?.();
      }
    });
    push.on('gap', gap => this.#interested(gap.topic, session => this.#send(session, { type: 'gap', ...gap })));
    push.on('error', ({ code, message, topic, retryAfterMs }) => {
      if (topic) {
        this.#interested(topic, session => {
          session.topics.delete(topic);
          this.#send(session, { type: 'error', code, message, topic, retryAfterMs });
        });
        this.#subscriptions.delete(topic);
        this.#waiting.get(topic)?.();
      }
    });
    push.on('state', state => {
      if (state.status === 'closed' && !this.#over.signal.aborted) {
        this.#verdict = [state.error?.closeCode ?? 4102, state.reason];
        this.#closeAll(...this.#verdict);
      }
    });
    this.#channel.postMessage({ by: this.#id });
  }

  end() {
    if (!this.#over.signal.aborted) {
      this.#over.abort();
      this.#closeAll(4200, 'another tab leads');
      this.#channel.close();
      this.push.close();
    }
  }

  #closeAll(code: number, reason: string) {
    for (const to of this.#sessions.keys()) {
      this.#channel.postMessage({ to, by: this.#id, close: [code, reason] });
    }
    this.#sessions.clear();
  }

  #letter({ hello, ping, bye, to, by, text }: Letter) {
    if (hello) {
      this.#join(...(hello.split(' ') as [string, string]));
    } else if (ping) {
      this.#send({ id: ping }, { type: 'heartbeat', cursor: this.push.cursor || undefined });
    } else if (bye) {
      this.#leave(bye);
    } else if (to === this.#id && by && text) {
      const session = this.#sessions.get(by);
      if (session) {
        this.#message(session, JSON.parse(text));
      }
    }
  }

  #join(id: string, tab: string) {
    if (this.#verdict) {
      this.#channel.postMessage({ to: id, by: this.#id, close: this.#verdict });
    } else if (!this.#sessions.has(id)) {
      const session = { id, tab, topics: new Map(), known: false };
      this.#sessions.set(id, session);
      this.#send(session, { type: 'welcome', protocol: 1, session: id, heartbeatMs: HEARTBEAT_MS });
      this.#watch(tab);
    }
  }

  /** Its lock is granted to us when the tab is gone, however it went. */
  #watch(tab: string) {
    const { signal } = this.#over;
    if (!this.#tabs.has(tab)) {
      this.#tabs.add(tab);
      navigator.locks
        .request(`${this.name} ${tab}`, { signal }, () => {
          this.#tabs.delete(tab);
          for (const session of [...this.#sessions.values()]) {
            if (session.tab === tab) {
              this.#leave(session.id);
            }
          }
        })
        .catch(() => {});
    }
  }

  #leave(id: string) {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    for (const topic of session?.topics.keys() ?? []) {
      this.#drop(topic);
    }
  }

  #message(session: Session, { type, ref, topics, cursor, replay, token, event }: Ask) {
    const refuse = ({ code, message }: PushError) => this.#send(session, { type: 'error', ref, code, message });
    if (type === 'subscribe') {
      this.#subscribe(session, ref, topics, cursor, replay);
    } else if (type === 'unsubscribe') {
      for (const topic of topics) {
        if (session.topics.delete(topic)) {
          this.#drop(topic);
        }
      }
      this.#send(session, { type: 'unsubscribed', ref, topics });
    } else if (type === 'publish') {
      const { topic, data, ...how } = event;
      this.push.publish(topic, data, how).then(answer => this.#send(session, { type: 'ack', ref, ...answer }), refuse);
    } else {
      const done = session.known ? this.push.refreshToken(token) : Promise.resolve();
      session.known = true;
      done.then(() => this.#send(session, { type: 'ack', ref }), refuse);
    }
  }

  /** Live first, and held; then what lies behind the cursor; then what was held: the tab drops what it has twice. */
  async #subscribe(session: Session, ref: number, topics: string[], cursor?: string, replay = 0) {
    for (const topic of topics) {
      session.topics.set(topic, []);
    }
    await Promise.all(
      topics.map(topic =>
        this.#need(topic).catch(({ code, message }) => {
          // The connection cannot carry so many.
          session.topics.delete(topic);
          this.#send(session, { type: 'error', ref, code, message, topic });
        }),
      ),
    );
    const there = topics.filter(topic => session.topics.has(topic));
    if (there.length && (cursor || replay)) {
      await this.#replay(session, there, cursor, replay);
    }
    for (const topic of there) {
      const held = session.topics.get(topic) ?? [];
      if (session.topics.has(topic)) {
        session.topics.set(topic, undefined);
      }
      for (const event of held) {
        this.#send(session, { type: 'event', event });
      }
    }
    if (there.length) {
      this.#send(session, { type: 'subscribed', ref, topics: there, cursor: this.push.cursor });
    }
  }

  /** Resolves when the topic is live, or refused; rejects with a PushError when it can not be asked for. */
  async #need(topic: string): Promise<void> {
    let needed = this.#subscriptions.get(topic);
    if (!needed) {
      const subscription = this.push.subscribe(topic, event => this.#event(event));
      const live = new Promise<void>(resolve => {
        this.#waiting.set(topic, resolve);
      });
      needed = { count: 0, live, subscription };
      this.#subscriptions.set(topic, needed);
    }
    needed.count++;
    return needed.live;
  }

  #drop(topic: string) {
    const needed = this.#subscriptions.get(topic);
    if (needed && !--needed.count) {
      needed.subscription.unsubscribe();
      this.#subscriptions.delete(topic);
      this.#waiting.delete(topic);
    }
  }

  /** Another client for a moment, as the one that is live has passed by already. */
  async #replay(session: Session, topics: string[], since: string | undefined, replay: number) {
    const again = this.open();
    again.on('gap', gap => this.#send(session, { type: 'gap', ...gap }));
    again.on('error', () => {});
    const done = new Promise<void>(resolve => {
      const missing = new Set(topics);
      again.on('subscribed', message => {
        for (const topic of message.topics) {
          missing.delete(topic);
        }
        if (!missing.size) {
          resolve();
        }
      });
      again.on('state', ({ status }) => status === 'closed' && resolve());
      onAbort(this.#over.signal, () => again.close());
    });
    again.subscribe(topics, event => this.#send(session, { type: 'event', event }), since ? { since } : { replay });
    await done;
    again.close();
  }

  #event(event: PushEvent) {
    this.#interested(event.topic, session => {
      const held = session.topics.get(event.topic);
      if (!held) {
        this.#send(session, { type: 'event', event });
      } else if (held.push(event) > MAX_HELD) {
        this.#channel.postMessage({ to: session.id, by: this.#id, close: [4201, 'slow-consumer'] });
        this.#leave(session.id);
      }
    });
  }

  #interested(topic: string, then: (session: Session) => void) {
    for (const session of [...this.#sessions.values()]) {
      if (session.topics.has(topic)) {
        then(session);
      }
    }
  }

  #send({ id }: Pick<Session, 'id'>, message: object) {
    if (this.#sessions.has(id)) {
      this.#channel.postMessage({ to: id, by: this.#id, text: JSON.stringify(message) });
    }
  }
}
