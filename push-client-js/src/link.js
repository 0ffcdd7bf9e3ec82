import { advanced, parseCursor, START } from './cursor.js';
import { asPushError, PushError } from './errors.js';

/**
 * One connection over one transport. It tells its {@link Owner} when it works and when it has ended, once, and is of no use after.
 *
 * @typedef {import('../types/client.d.ts').TransportName} TransportName
 * @typedef {import('./topics.js').Topics} Topics
 * @typedef {import('./topics.js').Entry} Entry
 *
 * @typedef {object} Owner
 * @property {Topics} topics
 * @property {import('./topics.js').Emit} emit
 * @property {(link: Link, catchingUp?: boolean) => void} opened it works, and from now on it is the one: the one before it, if there
 *   was one, is closed; unless it is catching up still
 * @property {(link: Link, error: PushError) => void} ended its `closeCode` and `retryAfterMs` say how to go on
 * @property {(count: number, link: Link) => void} checkRoom throws when a link cannot carry so many topics
 * @property {() => void} replace opens another link for the topics as they are now, which takes over when it has opened
 *
 * @typedef {object} Deployment what a link has to know of it
 * @property {URL} endpoint
 * @property {string | undefined} token
 * @property {number} pollWaitMs
 * @property {{topicsPerUrl: number, topicsPerMessage: number, messageBytes: number}} limits
 * @property {typeof fetch} fetch
 * @property {RequestCredentials} credentials
 * @property {import('../types/client.d.ts').WebSocketConstructor | undefined} WebSocket
 *
 * @typedef {import('../types/client.d.ts').Gap & {type: string, ref: number, heartbeatMs: number, topics: string[], cursor: string,
 *   event: import('../types/client.d.ts').PushEvent, code: string, message: string, retryAfterMs: number | undefined,
 *   close: number | undefined, delayMs: number, id: string, duplicate: boolean | undefined}} Message
 *   of the service; docs/PROTOCOL.md, "Messages", says which members come with which type
 */

/** What the transports have in common. */
export class Link {
  /** How far the topics that are live on this link have come. */
  cursor = START;
  /** How many topics it can carry; 0 when there is no limit. */
  room = 0;
  done = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch;
  #received = Date.now();
  #quietMs = 0;
  /** When the service wants us back, if it said so. */
  #returnAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leave;
  /** Said how this link will end. @type {PushError | undefined} */
  #farewell;

  /**
   * @param {TransportName} transport
   * @param {Owner} owner
   * @param {Deployment} deployment
   */
  constructor(transport, owner, deployment) {
    this.transport = transport;
    this.owner = owner;
    this.deployment = deployment;
  }

  /** Connects and goes on until it ends; what it throws is why. */
  async start() {}

  /** The set of topics is another one. */
  topicsChanged() {}

  /** Stops the transport itself. */
  stop() {}

  /** @param {string} text */
  advance(text) {
    this.cursor = advanced(this.cursor, parseCursor(text));
  }

  /**
   * Whether nothing has been received for so long that the connection must be dead; of a link that has opened.
   *
   * @returns {boolean}
   */
  get stale() {
    return Date.now() - this.#received >= this.#quietMs;
  }

  /** Something was received. */
  touch() {
    this.#received = Date.now();
  }

  /**
   * From now on the link is dead when nothing comes for this long.
   *
   * @param {number} quietMs
   */
  watch(quietMs) {
    this.#quietMs = quietMs;
    this.touch();
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.stale && this.lose(), quietMs / 4);
  }

  /**
   * Gives up a dead connection.
   *
   * @param {number} [closeCode] how to go on
   */
  lose(closeCode) {
    this.end(new PushError('heartbeat-lost', `nothing received for ${this.#quietMs} ms`, { closeCode }));
  }

  /**
   * Ends the link and tells the owner, once.
   *
   * @param {unknown} thrown why, unless the service has said it before
   */
  end(thrown) {
    if (!this.done) {
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
    if (!this.done) {
      this.done = true;
      clearInterval(this.#watch);
      clearTimeout(this.#leave);
      this.stop();
      this.owner.topics.detach(this);
    }
  }

  /**
   * Works off a message that has come, on the transports that have messages.
   *
   * @param {Message} message
   */
  receive(message) {
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
        if (this.subscribed(message)) {
          owner.emit(type, message);
        }
        break;
      case 'event':
        this.event(message.event);
        break;
      case 'gap':
        owner.topics.gap(message);
        break;
      case 'error':
        this.refused(message);
        break;
      case 'reconnect':
        this.#goAway(message.delayMs);
        break;
    }
  }

  /**
   * @param {Message} _message
   * @returns {boolean} whether these topics are live
   */
  subscribed(_message) {
    return true;
  }

  /** @param {import('../types/client.d.ts').PushEvent} event */
  event(event) {
    this.owner.topics.deliver(event);
  }

  /** @param {Message} message */
  refused(message) {
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

  /** @param {Message} message */
  errorOf({ code, message, topic, retryAfterMs, close: closeCode }) {
    return new PushError(code, message, { topic, retryAfterMs, closeCode });
  }

  /**
   * The node wants to get rid of us. What it still sends is taken until it closes or the time has come.
   *
   * @param {number} delayMs
   */
  #goAway(delayMs) {
    this.#returnAt = Date.now() + delayMs;
    this.#farewell = new PushError('drain', 'node closes', { closeCode: 4200 });
    this.#leave = setTimeout(() => this.end(0), delayMs);
  }
}
