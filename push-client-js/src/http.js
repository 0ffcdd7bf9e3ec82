import { retryAfterMs } from './backoff.js';
import { advanced, cursorText, parseCursor, START } from './cursor.js';
import { asPushError, PushError } from './errors.js';
import { Link } from './link.js';

/**
 * What SSE and long-poll have in common: GET requests on the subscribe URL, and what their refusals mean.
 *
 * @typedef {import('./topics.js').Ask} Ask
 * @typedef {{cursor: string, events: import('../types/client.d.ts').PushEvent[], gaps: import('../types/client.d.ts').Gap[]}} Answer
 */

/** Between polls that are answered at once with nothing, as something between us and the service might do. */
const PAUSE_MS = 1000;

/** What the refusals of the service mean, in close codes. */
const CLOSE_CODES = /** @type {Record<number, number>} */ ({
  400: 4000,
  401: 4001,
  403: 4003,
  413: 4000,
  429: 4100,
  503: 4100,
});

/**
 * A GET request.
 *
 * @param {Pick<import('./link.js').Deployment, 'fetch' | 'credentials'>} how
 * @param {URL} url
 * @param {string} accept the media type that is expected
 * @param {AbortSignal} signal
 * @param {string} [token]
 * @returns {Promise<Response>}
 * @throws {PushError} when it is refused or is not of that type. Only a problem of the service itself has a close code: other
 *   refusals may come from something in between, which another transport gets around
 */
export async function get({ fetch, credentials }, url, accept, signal, token) {
  const response = await fetch(url, {
    headers: { Accept: accept, ...(token && { Authorization: `Bearer ${token}` }) },
    signal,
    credentials,
    cache: 'no-store',
  });
  const { ok, status, statusText, headers } = response;
  if (ok && headers.get('Content-Type')?.startsWith(accept)) {
    return response;
  }
  const problem = ok ? { detail: `the answer is not ${accept}` } : await response.json().catch(() => ({}));
  const { code, topic, detail = statusText } = problem;
  const delayMs = problem.retryAfterMs ?? retryAfterMs(headers.get('Retry-After'));
  throw new PushError(code ?? 'transport-failed', `${status} ${detail}`, {
    status,
    topic,
    retryAfterMs: delayMs,
    closeCode: delayMs === undefined ? code && CLOSE_CODES[status] : 4100,
  });
}

/** A link that is made of requests. */
export class HttpLink extends Link {
  abort = new AbortController();
  /** @override */
  room = this.deployment.limits.topicsPerUrl;

  /** @override */
  stop() {
    this.abort.abort();
  }

  /**
   * Asks for topics.
   *
   * @param {Ask} ask
   * @param {string} accept the media type that is expected
   * @param {number} [wait] in seconds, for a long-poll
   * @throws {PushError}
   */
  async request({ entries, cursor, replay }, accept, wait) {
    const { deployment } = this;
    this.owner.checkRoom(entries.length, this);
    const url = new URL(deployment.endpoint);
    const { searchParams } = url;
    for (const { name } of entries) {
      searchParams.append('topic', name);
    }
    if (cursor?.size) {
      searchParams.set('cursor', cursorText(cursor));
    } else if (replay) {
      searchParams.set('replay', `${replay}`);
    }
    if (wait !== undefined) {
      searchParams.set('wait', `${wait}`);
    }
    return get(deployment, url, accept, this.abort.signal, deployment.token);
  }

  /**
   * One long-poll, worked off: events and gaps are told, and the topics stand where the answer says.
   *
   * @param {Ask} ask
   * @param {number} wait in seconds
   * @returns {Promise<number>} how long to pause before the next one, in milliseconds
   * @throws {PushError | DOMException | TypeError}
   */
  async poll(ask, wait) {
    const { signal } = this.abort;
    const { topics } = this.owner;
    const began = Date.now();
    const response = await this.request(ask, 'application/json', wait);
    /** @type {Answer} */
    const { cursor, events, gaps } = await response.json();
    const at = parseCursor(cursor);
    signal.throwIfAborted();
    if (this.transport === 'long-poll') {
      this.owner.opened(this);
    }
    for (const gap of gaps) {
      topics.gap(this, gap);
    }
    for (const event of events) {
      topics.deliver(this, event);
    }
    for (const entry of ask.entries) {
      // It may stand further on already: the common cursor was that of the last of them.
      entry.from = advanced(entry.position ?? START, at);
    }
    const tooSoon = wait && !events.length && !gaps.length && Date.now() - began < PAUSE_MS;
    return retryAfterMs(response.headers.get('Retry-After')) ?? (tooSoon ? PAUSE_MS : 0);
  }

  /**
   * Gives fresh topics a place, by a poll that does not wait. A topic that is refused is told of and dropped and the others are not
   * harmed: the same as over WebSocket, where each topic is answered by itself.
   *
   * @param {Ask} ask
   * @throws {PushError | DOMException | TypeError}
   */
  async place(ask) {
    const [first, ...others] = ask.entries;
    try {
      await this.poll(ask, 0);
    } catch (thrown) {
      const { closeCode } = asPushError(thrown, '');
      if (!first || (closeCode !== 4000 && closeCode !== 4003)) {
        throw thrown;
      }
      if (!others.length) {
        this.owner.topics.refuse(first, /** @type {PushError} */ (thrown));
      }
      for (const entry of others.length ? ask.entries : []) {
        await this.place({ ...ask, entries: [entry] });
      }
    }
  }
}
