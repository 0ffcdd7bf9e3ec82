import { parseCursor, START } from './cursor.js';
import { HttpLink } from './http.js';
import { sseParser } from './sse.js';

/**
 * Server-Sent Events by fetch, so that a token goes into a header.
 *
 * A change of the topics opens another stream, which takes over when its replay is done: no moment is without a stream, and what
 * both of them send is dropped once (see topics.js).
 *
 * @typedef {import('./topics.js').Ask} Ask
 */
export class StreamLink extends HttpLink {
  /** @type {Ask['entries']} */
  #asked = [];
  /** Whether that is all topics; a stream for some of them only places them. */
  #all = false;

  /** @override */
  topicsChanged() {
    if (this.#all) {
      this.owner.replace();
    }
  }

  /**
   * @override
   * @param {Ask} ask
   * @param {boolean} all
   */
  async run(ask, all) {
    this.#asked = ask.entries;
    this.#all = all;
    // What other topics have seen says nothing about these.
    this.cursor = START;
    const { body } = await this.request(ask, 'text/event-stream');
    const reader = /** @type {NonNullable<typeof body>} */ (body).pipeThrough(new TextDecoderStream()).getReader();
    const parse = sseParser(block => this.#block(block));
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      this.touch();
      parse(read.value);
    }
    throw new Error('stream ended');
  }

  /** @param {import('./sse.js').Block} block */
  #block({ event, data, id }) {
    if (!this.abort.signal.aborted) {
      if (data !== undefined) {
        const value = JSON.parse(data);
        this.receive(event === 'message' ? { type: 'event', event: value } : { ...value, type: event });
      }
      if (id) {
        this.advance(id);
      }
    }
  }

  /**
   * What the topics are not asked for any more, or not yet, may still come.
   *
   * @override
   * @param {import('../types/client.d.ts').PushEvent} event
   */
  event(event) {
    const entry = this.owner.topics.get(event.topic);
    if (entry && this.#asked.includes(entry)) {
      super.event(event);
    }
  }

  /**
   * @override
   * @param {import('./link.js').Message} message
   */
  subscribed({ cursor = '' }) {
    for (const entry of this.#asked) {
      if (this.#all) {
        entry.link = this;
      } else {
        entry.moveTo(parseCursor(cursor));
      }
    }
    if (this.#all) {
      this.owner.opened(this);
    } else {
      this.abort.abort();
    }
    return this.#all;
  }
}
