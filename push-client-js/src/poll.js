import { retryAfterMs } from './backoff.js';
import { parseCursor } from './cursor.js';
import { PushError } from './errors.js';
import { HttpLink } from './http.js';
import { namesOf } from './topics.js';

/** Added to what a poll may take before the link is given up for dead. */
const GRACE_MS = 10_000;
/** Something between us and the service may answer with nothing before the time: not to be flooded. */
const SOON_MS = 1000;

/**
 * Long-poll. Every poll carries the topics as they are and the cursor that none of them is behind; fresh topics are polled without
 * cursor first, which is answered at once. A change of the topics drops the poll on its way: the cursor moves by answers only, so
 * nothing is lost with it.
 *
 * @typedef {{cursor: string, events: import('../types/client.d.ts').PushEvent[], gaps: import('../types/client.d.ts').Gap[]}} Answer
 */
export class PollLink extends HttpLink {
  /** In seconds. The first answer is to say that this works. */
  #wait = 0;

  /** @override */
  topicsChanged() {
    this.abort.abort();
  }

  /**
   * @override
   * @param {import('./topics.js').Ask} ask
   * @param {boolean} all
   */
  async run(ask, all) {
    const { signal } = this.abort;
    const { owner } = this;
    const { pollWaitMs } = this.deployment;
    const wait = all && ask.cursor ? this.#wait : 0;
    this.watch(pollWaitMs + GRACE_MS);
    const began = Date.now();
    const response = await this.request(ask, 'application/json', wait);
    /** @type {Answer} */
    const { cursor, events, gaps } = await response.json();
    const at = parseCursor(cursor);
    signal.throwIfAborted();
    owner.opened(this);
    for (const gap of gaps) {
      owner.topics.gap(gap);
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
    this.#wait = Math.floor(pollWaitMs / 1000);
    const pauseMs = retryAfterMs(response.headers.get('Retry-After'));
    if (pauseMs !== undefined) {
      throw new PushError('drain', 'node closes', { closeCode: 4200, retryAfterMs: pauseMs });
    }
    if (wait && !events.length && !gaps.length && Date.now() - began < SOON_MS) {
      throw new Error('empty answer too soon');
    }
  }
}
