import { parseCursor, START } from './cursor.js';
import { HttpLink } from './http.js';
import type { Message } from './link.js';
import { read } from './read.js';
import { type Block, sseParser } from './sse.js';
import type { Ask } from './topics.js';
import type { PushEvent } from './types.js';

/**
 * Server-Sent Events by fetch, so that a token goes into a header.
 *
 * A change of the topics opens another stream, which takes over when its replay is done: no moment is without a stream, and what
 * both of them send is dropped once (see topics.ts).
 */
export class StreamLink extends HttpLink {
  #asked: Ask['entries'] = [];
  /** Whether that is all topics; a stream for some of them only places them. */
  #all = false;

  override topicsChanged() {
    if (this.#all) {
      this.owner.renew();
    }
  }

  protected override async run(ask: Ask, all: boolean) {
    this.#asked = ask.entries;
    this.#all = all;
    // What other topics have seen says nothing about these.
    this.cursor = START;
    const { body } = await this.fetched(ask, 'text/event-stream');
    const parse = sseParser(block => this.#block(block));
    for await (const text of read((body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream()))) {
      this.touch();
      parse(text);
    }
    throw new Error('ended');
  }

  #block({ event, data, id }: Block) {
    if (!this.current.signal.aborted) {
      if (data != null) {
        const value = JSON.parse(data);
        this.receive(event === 'message' ? { type: 'event', event: value } : { ...value, type: event });
      }
      if (id) {
        this.advance(id);
      }
    }
  }

  /** What the topics are not asked for any more, or not yet, may still come. */
  override take(event: PushEvent) {
    const entry = this.owner.topics.get(event.topic);
    if (entry && this.#asked.includes(entry)) {
      super.take(event);
    }
  }

  override confirmed({ cursor }: Message) {
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
      this.current.abort();
    }
    return this.#all;
  }
}
