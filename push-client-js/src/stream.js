import { HttpLink } from './http.js';
import { sseParser } from './sse.js';
import { asksFor } from './topics.js';

/**
 * Server-Sent Events by fetch, so that a token goes into a header. The stream's URL has one cursor for all topics; those that are
 * fresh are placed first, by a poll that does not wait and brings their replay.
 *
 * A change of the topics opens another stream, which takes over when its replay is done: no moment is without a stream, and what
 * both of them send is dropped once (see topics.js).
 *
 * @typedef {import('./topics.js').Entry} Entry
 */
export class StreamLink extends HttpLink {
  /** @type {Entry[]} */
  #asked = [];

  /** @override */
  async start() {
    const { owner } = this;
    const fresh = asksFor(owner.topics.values()).filter(({ cursor }) => !cursor);
    await Promise.all(fresh.map(ask => this.place(ask)));
    this.#asked = [...owner.topics.values()];
    const [ask] = asksFor(this.#asked);
    const { body } = ask ? await this.request(ask, 'text/event-stream') : { body: null };
    if (!body) {
      // All were refused.
      owner.replace();
      return;
    }
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const parse = sseParser(block => this.#block(block));
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      this.touch();
      parse(read.value);
    }
    throw new Error('the stream ended');
  }

  /** @override */
  topicsChanged() {
    this.owner.replace();
  }

  /** @param {import('./sse.js').Block} block */
  #block({ event, data, id }) {
    if (!this.done) {
      if (data !== undefined) {
        const value = JSON.parse(data);
        this.receive(event === 'message' ? { type: 'event', event: value } : { ...value, type: event });
      }
      if (id) {
        this.advance(id);
      }
    }
  }

  /** @override */
  answered() {
    return this.#asked;
  }
}
