import { connect as connectAlone } from './client.js';
import type { ConnectOptions, Push, PushEvent, Subscription } from './types.js';

/**
 * One connection for all tabs of an origin.
 *
 * Each tab has a client of its own, unchanged, with its own cursor and its own filter for duplicates. Only its WebSocket is none: it is
 * a {@link TabSocket}, which speaks the same protocol over a BroadcastChannel to the tab that has the real connection, the leader.
 * Leader is who has a Web Lock. When it closes, crashes or freezes, another tab gets the lock or takes it, and the clients of all tabs
 * do what they do after any lost connection: they resume by the cursor. So nothing is lost or doubled in any tab.
 *
 * The leader's connection is made with the leader's token: share only where all tabs are of the same user.
 */

/** How often the leader says that it is there. Two times this, and it is taken for dead. */
const BEAT_MS = 5000;
/** How long a tab waits for a leader to answer before it takes the lock. */
const ANSWER_MS = 1500;
/** How many events of one session may wait for its replay. */
const MAX_HELD = 10_000;

/** What goes over the channel: `to` names the tab's socket, none is the leader; `by` the leader. */
interface Letter {
  to?: string;
  by?: string;
  /** A tab's socket wants to be one, is one, or was one. */
  hello?: string;
  bye?: string;
  /** A message of the protocol. */
  text?: string;
  /** Closes the socket. */
  close?: [code: number, reason: string];
}

/** As `connect` of the package itself; where the platform lacks Web Locks or BroadcastChannel it is that. */
export function connect(url: string | URL, options: ConnectOptions = {}): Push {
  const { locks } = globalThis.navigator ?? {};
  if (!locks || !globalThis.BroadcastChannel) {
    return connectAlone(url, options);
  }
  const name = `edgepush ${new URL(`${url}`, globalThis.document?.baseURI)}`;
  const open = () => connectAlone(url, { ...options, persist: false });
  const candidate = new Candidate(name, locks, () => new Leader(name, open));
  class Socket extends TabSocket {
    constructor() {
      super(name, candidate);
    }
  }
  const push = connectAlone(url, { ...options, transports: ['websocket'], WebSocket: Socket });
  push.on('state', ({ status }) => {
    if (status === 'closed') {
      candidate.end();
    }
  });
  return push;
}

/** Waits to become the leader. */
class Candidate {
  #over = new AbortController();
  #release = () => {};
  readonly tab = crypto.randomUUID();

  constructor(
    readonly name: string,
    readonly locks: LockManager,
    readonly lead: () => Leader,
  ) {
    // Held as long as this tab lives: the leader learns by it when we are gone.
    this.#hold(`${name} ${this.tab}`, {});
    this.stand();
    const { signal } = this.#over;
    for (const event of ['freeze', 'pagehide']) {
      globalThis.addEventListener?.(event, () => this.#release(), { signal, capture: true });
    }
    globalThis.addEventListener?.('resume', () => this.stand(), { signal, capture: true });
    globalThis.addEventListener?.('pageshow', ({ persisted }) => persisted && this.stand(), { signal, capture: true });
  }

  /** @param steal whether it is taken from a leader that says nothing */
  stand(steal = false) {
    this.#release();
    this.#hold(this.name, steal ? { steal } : {}, this.lead);
  }

  end() {
    this.#over.abort();
    this.#release();
  }

  #hold(name: string, options: LockOptions, lead?: () => Leader) {
    const { signal } = this.#over;
    const waiting = new AbortController();
    let leader: Leader | undefined;
    let stop = () => waiting.abort();
    if (lead) {
      this.#release = () => stop();
    }
    signal.addEventListener('abort', () => stop());
    if (signal.aborted) {
      return;
    }
    this.locks
      .request(name, options.steal ? options : { ...options, signal: waiting.signal }, () => {
        leader = lead?.();
        return new Promise<void>(resolve => {
          stop = () => {
            leader?.end();
            resolve();
          };
        });
      })
      // Stolen, or not wanted any more.
      .catch(() => {
        leader?.end();
        if (leader && !signal.aborted) {
          this.stand();
        }
      });
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
  #greet;

  constructor(name: string, candidate: Candidate) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Letter>) => this.#letter(data);
    this.#greet = () => {
      clearTimeout(this.#timer);
      // Not all tabs at once.
      this.#timer = setTimeout(() => candidate.stand(true), ANSWER_MS * (1 + Math.random()));
      this.#channel.postMessage({ hello: `${this.#id} ${candidate.tab}` });
    };
    this.#greet();
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

  #letter({ to, by, text, close }: Letter) {
    if (by && !to && !text) {
      // A leader has come up.
      if (this.#leader) {
        this.#end(4200, 'another tab leads');
      } else {
        this.#greet();
      }
    } else if (to === this.#id && by && (!this.#leader || by === this.#leader)) {
      if (!this.#leader) {
        this.#leader = by;
        clearTimeout(this.#timer);
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
}

interface Ask {
  type: string;
  ref: number;
  topics: string[];
  cursor?: string;
  replay?: number;
  event: { topic: string; data: never };
}

/** The tab that has the connection, and serves the sockets of all. */
class Leader {
  #id = crypto.randomUUID();
  #channel;
  #sessions = new Map<string, Session>();
  #subscriptions = new Map<string, { count: number; live: Promise<void>; subscription: Subscription }>();
  #waiting = new Map<string, () => void>();
  #beat;
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
    this.#beat = setInterval(() => this.#all({ type: 'heartbeat', cursor: push.cursor || undefined }), BEAT_MS);
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
        this.#closeAll(state.error?.closeCode ?? 4102, state.reason);
      }
    });
    this.#channel.postMessage({ by: this.#id });
  }

  end() {
    if (!this.#over.signal.aborted) {
      this.#over.abort();
      clearInterval(this.#beat);
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

  #letter({ hello, bye, to, by, text }: Letter) {
    if (hello) {
      this.#join(...(hello.split(' ') as [string, string]));
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
    if (!this.#sessions.has(id)) {
      const session = { id, tab, topics: new Map() };
      this.#sessions.set(id, session);
      this.#send(session, { type: 'welcome', protocol: 1, session: id, heartbeatMs: BEAT_MS });
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

  #message(session: Session, { type, ref, topics, cursor, replay, event }: Ask) {
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
      this.push.publish(topic, data, how).then(
        answer => this.#send(session, { type: 'ack', ref, ...answer }),
        ({ code, message }) => this.#send(session, { type: 'error', ref, code, message }),
      );
    } else {
      this.#send(session, { type: 'ack', ref });
    }
  }

  /** Live first, and held; then what lies behind the cursor; then what was held: the tab drops what it has twice. */
  async #subscribe(session: Session, ref: number, topics: string[], cursor?: string, replay = 0) {
    for (const topic of topics) {
      session.topics.set(topic, []);
    }
    await Promise.all(topics.map(topic => this.#need(topic)));
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

  /** Resolves when the topic is live, or refused. */
  #need(topic: string): Promise<void> {
    let needed = this.#subscriptions.get(topic);
    if (!needed) {
      const live = new Promise<void>(resolve => {
        this.#waiting.set(topic, resolve);
      });
      const subscription = this.push.subscribe(topic, event => this.#event(event));
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

  #all(message: object) {
    for (const session of this.#sessions.values()) {
      this.#send(session, message);
    }
  }

  #send({ id }: Session, message: object) {
    if (this.#sessions.has(id)) {
      this.#channel.postMessage({ to: id, by: this.#id, text: JSON.stringify(message) });
    }
  }
}
