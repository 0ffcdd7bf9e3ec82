import { parseCursor } from './cursor.js';
import { PushError } from './errors.js';
import { HttpLink, pauseMs } from './http.js';
import { type Ask, namesOf } from './topics.js';
import type { Gap, PushEvent } from './types.js';

/** Added to what a poll may take before the link is given up for dead. */
const GRACE_MS = 10_000;
/** Something between us and the service may answer with nothing before the time: not to be flooded. */
const SOON_MS = 1000;

interface Answer {
  cursor: string;
  events: PushEvent[];
  gaps: Gap[];
}

/**
 * Long-poll. Every poll carries the topics as they are and the cursor that none of them is behind; fresh topics are polled without
 * cursor first, which is answered at once. A change of the topics drops the poll on its way: the cursor moves by answers only, so
 * nothing is lost with it.
 */
export class PollLink extends HttpLink {
  /** In seconds. The first answer is to say that this works. */
  #wait = 0;

  override topicsChanged() {
    this.current.abort();
  }

  protected override async run(ask: Ask, all: boolean) {
    const { pollWaitMs } = this.deployment;
    const wait = all && ask.cursor ? this.#wait : 0;
    this.watch(pollWaitMs + GRACE_MS);
    const began = Date.now();
    const { headers, something } = await this.poll(ask, wait);
    this.#wait = (pollWaitMs / 1000) | 0;
    const retryAfterMs = pauseMs(headers);
    if (retryAfterMs) {
      throw new PushError('drain', { closeCode: 4200, retryAfterMs });
    }
    if (wait && !something && Date.now() - began < SOON_MS) {
      throw new Error('ended');
    }
  }

  /** One poll and what it brings. */
  protected async poll(ask: Ask, wait: number) {
    const { signal } = this.current;
    const { owner } = this;
    const response = await this.fetched(ask, 'application/json', wait);
    const { cursor, events, gaps }: Answer = await response.json();
    const at = parseCursor(cursor);
    signal.throwIfAborted();
    owner.opened(this);
    for (const gap of gaps) {
      owner.topics.miss(gap);
    }
    for (const event of events) {
      owner.topics.deliver(event);
    }
    for (const entry of ask.entries) {
      // It may stand further on already: the common cursor was that of the last of them.
      entry.moveTo(at);
    }
    if (!wait) {
      owner.emit('subscribed', { topics: namesOf(ask.entries), cursor });
    }
    return { headers: response.headers, something: events.length + gaps.length };
  }
}
