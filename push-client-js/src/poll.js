import { cursorText } from './cursor.js';
import { HttpLink } from './http.js';
import { asksFor, common } from './topics.js';

/** Added to what a poll or a pause may take before the link is given up for dead. */
const GRACE_MS = 10_000;

/**
 * Long-poll. Every poll carries the topics as they are and the cursor that none of them is behind; fresh topics are polled without
 * cursor first, which is answered at once. A change of the topics drops the poll on its way: the cursor moves by answers only, so
 * nothing is lost with it.
 */
export class PollLink extends HttpLink {
  /** @override */
  topicsChanged() {
    this.abort.abort();
  }

  /** @override */
  async start() {
    const { owner } = this;
    const { pollWaitMs } = this.deployment;
    // The first answer is to say that this works.
    let wait = 0;
    while (!this.done) {
      this.abort = new AbortController();
      const { signal } = this.abort;
      const asks = asksFor(owner.topics.values());
      const ask = asks.find(({ cursor }) => !cursor) ?? asks[0];
      if (!ask) {
        owner.replace();
        return;
      }
      this.watch(pollWaitMs + GRACE_MS);
      try {
        const pauseMs = await (ask.cursor ? this.poll(ask, wait) : this.place(ask));
        if (!ask.cursor || !wait) {
          this.#tell(ask.entries);
        }
        wait = Math.floor(pollWaitMs / 1000);
        await this.#pause(pauseMs, signal);
      } catch (thrown) {
        if (!signal.aborted) {
          throw thrown;
        }
      }
    }
  }

  /** @param {import('./topics.js').Entry[]} entries */
  #tell(entries) {
    const taken = entries.filter(entry => entry.position);
    this.owner.emit('subscribed', { topics: taken.map(({ name }) => name), cursor: cursorText(common(taken)) });
  }

  /**
   * @param {number | void} ms
   * @param {AbortSignal} signal
   */
  async #pause(ms, signal) {
    if (ms) {
      this.watch(ms + GRACE_MS);
      await new Promise(resolve => {
        const timer = setTimeout(resolve, ms);
        signal.onabort = () => {
          clearTimeout(timer);
          resolve(0);
        };
      });
    }
  }
}
