import { advanced, type Cursor, parseCursor, START } from './cursor.js';
import { asPushError, PushError } from './errors.js';
import type { Emit, Topics } from './topics.js';
import type { Gap, PushEvent, TransportName, WebSocketConstructor } from './types.js';

/** Who has links. */
export interface Owner {
  topics: Topics;
  emit: Emit;
  /** It works, and from now on it is the one: the one before it, if there was one, is closed; unless it is catching up still. */
  opened(link: Link, catchingUp?: boolean): void;
  /** Its `closeCode` and `retryAfterMs` say how to go on. */
  ended(link: Link, error: PushError): void;
  /** @throws {PushError} when a link cannot carry so many topics */
  checkRoom(count: number, link: Link): void;
  /** Opens another link for the topics as they are now, which takes over when it has opened. */
  renew(): void;
  /** Presents another token, or the one that its source has now; nothing when it is the same. */
  use(): Promise<void>;
}

/** What a link has to know of the service. */
export interface Deployment {
  endpoint: URL;
  token: string | undefined;
  connectTimeoutMs: number;
  pollWaitMs: number;
  limits: { topicsPerUrl: number; topicsPerMessage: number };
  fetch?: typeof fetch | undefined;
  credentials: RequestCredentials;
  WebSocket: WebSocketConstructor | undefined;
}

/** A message of the service; docs/PROTOCOL.md, "Messages", says which members come with which type. */
export interface Message extends Gap {
  type: string;
  ref: number;
  heartbeatMs: number;
  topics: string[];
  cursor: string;
  event: PushEvent;
  code: string;
  message: string;
  retryAfterMs: number | undefined;
  close: number | undefined;
  delayMs: number;
  expiresInMs: number;
  id: string;
  duplicate: boolean | undefined;
}

/** What comes with the opening itself comes within this time. */
const AT_ONCE_MS = 1000;

/** One connection over one transport. It tells its {@link Owner} when it works and when it has ended, once, and is of no use after. */
export abstract class Link {
  /** How far the topics that are live on this link have come. */
  cursor: Cursor = START;
  /** How many topics it can carry; 0 when there is no limit. */
  room = 0;
  over = false;
  /** It had opened, and then nothing came, not even a heartbeat: something on the way holds back what is sent. */
  withheld = false;
  #watch: ReturnType<typeof setInterval> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #received = Date.now();
  #quietMs = 0;
  #watched = 0;
  /** When the service wants us back, if it said so. */
  #returnAt = 0;
  /** Until the next thing to do because the service said so. */
  #due: ReturnType<typeof setTimeout> | undefined;
  /** Said how this link will end. */
  #farewell: PushError | undefined;

  constructor(
    readonly transport: TransportName,
    readonly owner: Owner,
    readonly deployment: Deployment,
  ) {
    this.#patience = setTimeout(() => this.fail('silent'), deployment.connectTimeoutMs);
  }

  /** Connects and goes on until it ends; what it throws is why. */
  abstract begin(): Promise<void>;

  /** The set of topics is another one. */
  abstract topicsChanged(): void;

  /** Stops the transport itself. */
  protected abstract stop(): void;

  advance(text: string) {
    this.cursor = advanced(this.cursor, parseCursor(text));
  }

  /** Whether nothing has been received for so long that the connection must be dead; of a link that has opened. */
  get stale(): boolean {
    return Date.now() - this.#received >= this.#quietMs;
  }

  /** Something was received. */
  touch() {
    this.#received = Date.now();
  }

  /** It works. */
  works() {
    clearTimeout(this.#patience);
  }

  /** From now on the link is dead when nothing comes for this long. */
  watch(quietMs: number) {
    this.#quietMs = quietMs;
    this.touch();
    this.#watched = this.#received;
    clearTimeout(this.#watch);
    this.#watch = setInterval(() => {
      if (this.stale) {
        // Much later than due, the machine has slept, which says nothing about the way.
        this.withheld = this.#received - this.#watched < AT_ONCE_MS && Date.now() - this.#received < 2 * quietMs;
        this.lose();
      }
    }, quietMs / 4);
  }

  /** Gives up a dead connection; there is to be another one at once. */
  lose() {
    this.fail(new PushError('heartbeat-lost', { closeCode: 4200 }));
  }

  /**
   * Ends the link and tells the owner, once.
   *
   * @param thrown why, unless the service has said it before
   */
  fail(thrown: unknown) {
    if (!this.over) {
      const error = this.#farewell ?? asPushError(thrown);
      error.transport = this.transport;
      if (this.#returnAt) {
        error.retryAfterMs = Math.max(this.#returnAt - Date.now(), 0);
      }
      this.close();
      this.owner.ended(this, error);
    }
  }

  /** Ends the link without a word; it touches no topic any more. */
  close() {
    if (!this.over) {
      this.over = true;
      this.works();
      clearTimeout(this.#watch);
      clearTimeout(this.#due);
      this.stop();
      this.owner.topics.detach(this);
    }
  }

  /** Works off a message that has come, on the transports that have messages. */
  receive(message: Message) {
    const { type, cursor } = message;
    const { owner } = this;
    if (cursor) {
      this.advance(cursor);
    }
    switch (type) {
      case 'welcome':
        this.watch(2 * message.heartbeatMs);
        owner.opened(this, true);
        break;
      case 'subscribed':
        if (this.confirmed(message)) {
          owner.emit(type, message);
        }
        break;
      case 'event':
        this.take(message.event);
        break;
      case 'gap':
        owner.topics.miss(message);
        break;
      case 'error':
        this.refused(message);
        break;
      case 'token-expiring':
        // Not all clients at once, and not again and again where tokens are short.
        this.#due = setTimeout(
          () => owner.use().catch(thrown => owner.emit('error', asPushError(thrown))),
          Math.random() * 0.5 * message.expiresInMs,
        );
        break;
      case 'reconnect':
        this.#goAway(message.delayMs);
        break;
    }
  }

  /** @returns whether these topics are live */
  confirmed(_message: Message): boolean {
    return true;
  }

  take(event: PushEvent) {
    this.owner.topics.deliver(event);
  }

  refused(message: Message) {
    const error = this.errorOf(message);
    const entry = this.owner.topics.get(message.topic);
    if (message.close) {
      this.#farewell = error;
    } else if (entry) {
      this.owner.topics.refuse(entry, error);
    } else {
      this.owner.emit('error', error);
    }
  }

  errorOf({ code, message, topic, retryAfterMs, close: closeCode }: Message): PushError {
    return new PushError(code, { topic, retryAfterMs, closeCode }, message);
  }

  /** The node wants to get rid of us. What it still sends is taken until it closes or the time has come. */
  #goAway(delayMs: number) {
    this.#returnAt = Date.now() + delayMs;
    this.#farewell = new PushError('drain', { closeCode: 4200 });
    this.#due = setTimeout(() => this.fail(0), delayMs);
  }
}
