import { cursorText } from './cursor.js';
import { PushError } from './errors.js';
import { Link } from './link.js';
import { asksFor, namesOf } from './topics.js';

/** Left free in a subscribe message for all but its topics: a cursor has at most 4 KiB. */
const ENVELOPE_BYTES = 4608;

/**
 * WebSocket: topics come and go by messages.
 *
 * @typedef {import('./link.js').Message} Message
 * @typedef {import('./topics.js').Entry} Entry
 * @typedef {{entries?: Entry[], leaving?: Entry[], resolve?: (answer: Message) => void, reject?: (error: PushError) => void}} Request
 */
export class WebSocketLink extends Link {
  /** What the service was asked for, by topic. @type {Map<string, Entry>} */
  #asked = new Map();
  /** What has not been answered, by `ref`. @type {Map<number, Request>} */
  #requests = new Map();
  #ref = 0;
  #open = false;
  /** @type {any} */
  #socket;

  /** @override */
  async start() {
    const { endpoint, WebSocket, token } = this.deployment;
    // The owner checked that there is one.
    const socket = new /** @type {any} */ (WebSocket)(endpoint.href.replace('http', 'ws'), ['push.v1.json']);
    this.#socket = socket;
    socket.onopen = () => {
      this.#open = true;
      if (token !== undefined) {
        // A refusal is followed by a close, which tells the owner.
        this.call({ type: 'auth', token }).catch(() => {});
      }
      this.topicsChanged();
    };
    socket.onmessage = (/** @type {{data: string}} */ { data }) => this.#message(data);
    // Its close follows, and says as much.
    socket.onerror = () => {};
    socket.onclose = (/** @type {{code: number, reason: string}} */ { code: closeCode, reason }) => {
      // The service gives the code's name as reason.
      this.end(new PushError(reason || 'connection-lost', `closed with ${closeCode}`, { closeCode }));
    };
  }

  /** @override */
  stop() {
    for (const { reject } of this.#requests.values()) {
      reject?.(new PushError('connection-lost', 'closed before the answer'));
    }
    this.#socket?.close();
  }

  /** Asks for what is new, takes leave of what is gone. @override */
  topicsChanged() {
    if (!this.#open || this.done) {
      return;
    }
    const { topics } = this.owner;
    const gone = [...this.#asked.values()].filter(entry => topics.get(entry.name) !== entry);
    for (const leaving of this.#chunks(gone)) {
      this.#send({ type: 'unsubscribe', topics: namesOf(leaving) }, { leaving });
      for (const { name } of leaving) {
        this.#asked.delete(name);
      }
    }
    for (const { entries, cursor, replay } of asksFor(
      [...topics.values()].filter(({ name }) => !this.#asked.has(name)),
    )) {
      const from = cursor?.size ? { cursor: cursorText(cursor) } : { replay };
      for (const chunk of this.#chunks(entries)) {
        this.#send({ type: 'subscribe', topics: namesOf(chunk), ...from }, { entries: chunk });
        for (const entry of chunk) {
          this.#asked.set(entry.name, entry);
        }
      }
    }
  }

  /**
   * Sends a request that is answered by one message.
   *
   * @param {object} message without `ref`
   * @returns {Promise<Message>} rejects with a PushError
   */
  call(message) {
    return new Promise((resolve, reject) => this.#send(message, { resolve, reject }));
  }

  /**
   * @override
   * @param {Message} message
   */
  subscribed({ ref }) {
    for (const entry of this.#current(this.#requests.get(ref)?.entries)) {
      entry.link = this;
    }
    return this.#requests.delete(ref);
  }

  /**
   * @override
   * @param {import('../types/client.d.ts').PushEvent} event
   */
  event(event) {
    const { id, topic } = event;
    // What comes between `unsubscribe` and `unsubscribed` belongs to no subscription.
    if (![...this.#requests.values()].some(({ leaving }) => leaving?.some(({ name }) => name === topic))) {
      super.event(event);
    }
    // The replay of one topic says nothing about how far the others have come.
    if (this.#asked.get(topic)?.link === this) {
      this.advance(id);
    }
  }

  /**
   * @override
   * @param {Message} message
   */
  refused(message) {
    const { ref, topic, close, retryAfterMs } = message;
    const { leaving, entries, reject } = this.#requests.get(ref) ?? {};
    const error = this.errorOf(message);
    if (leaving) {
      // The service still sends what nobody wants: begin anew.
      this.end(error);
    } else if (close || !(reject || entries)) {
      super.refused(message);
    }
    reject?.(error);
    for (const entry of this.#current(entries)) {
      if (!close && (!topic || topic === entry.name)) {
        this.#asked.delete(entry.name);
        if (retryAfterMs === undefined) {
          this.owner.topics.refuse(entry, error);
        }
      }
    }
    if (!this.#current(entries).length) {
      this.#requests.delete(ref);
    }
    if (entries && retryAfterMs !== undefined) {
      this.owner.emit('error', error);
      setTimeout(() => this.topicsChanged(), retryAfterMs);
    }
  }

  /** Those that are still asked for. @param {Entry[]} [entries] */
  #current(entries = []) {
    return entries.filter(entry => this.#asked.get(entry.name) === entry);
  }

  /**
   * @override
   * @param {Message} message
   */
  receive(message) {
    const { type, ref } = message;
    if (type === 'ack' || type === 'unsubscribed') {
      this.#requests.get(ref)?.resolve?.(message);
      this.#requests.delete(ref);
    } else {
      super.receive(message);
    }
  }

  /** @param {string} data */
  #message(data) {
    if (!this.done) {
      this.touch();
      try {
        this.receive(JSON.parse(data));
      } catch (thrown) {
        this.end(thrown);
      }
    }
  }

  /**
   * In portions of what one message may carry.
   *
   * @param {Entry[]} entries
   */
  *#chunks(entries) {
    const { topicsPerMessage, messageBytes } = this.deployment.limits;
    // Topics are ASCII; quotes and comma come with each.
    const longest = Math.max(...entries.map(({ name }) => name.length + 3));
    const size = Math.min(topicsPerMessage, Math.floor((messageBytes - ENVELOPE_BYTES) / longest));
    for (let from = 0; from < entries.length; from += size) {
      yield entries.slice(from, from + size);
    }
  }

  /**
   * @param {object} message
   * @param {Request} request who gets the answer
   */
  #send(message, request) {
    const ref = ++this.#ref;
    this.#requests.set(ref, request);
    this.#socket.send(JSON.stringify({ ...message, ref }));
  }
}
