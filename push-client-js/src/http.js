import { retryAfterMs } from './backoff.js';
import { cursorText } from './cursor.js';
import { PushError } from './errors.js';
import { Link } from './link.js';
import { asksFor } from './topics.js';

/**
 * What SSE and long-poll have in common: GET requests on the subscribe URL, and what their refusals mean.
 *
 * @typedef {import('./topics.js').Ask} Ask
 * @typedef {import('./topics.js').Entry} Entry
 */

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
  const problem = ok ? { detail: `not ${accept}` } : await response.json().catch(() => ({}));
  const { code, topic, detail = statusText } = problem;
  const delayMs = problem.retryAfterMs ?? retryAfterMs(headers.get('Retry-After'));
  throw new PushError(code ?? 'transport-failed', `${status} ${detail}`, {
    status,
    topic,
    retryAfterMs: delayMs,
    closeCode: delayMs === undefined ? code && CLOSE_CODES[status] : 4100,
  });
}

/**
 * A link that is made of requests. The topics stand in the URL with one cursor or one `replay` for all. Topics that this does not
 * fit, because some are fresh and others are not, are *placed* before: asked for by themselves, until they stand somewhere.
 */
export class HttpLink extends Link {
  /** Of the request at hand. */
  abort = new AbortController();
  /** @override */
  room = this.deployment.limits.topicsPerUrl;

  /** @override */
  stop() {
    this.abort.abort();
  }

  /**
   * One request, worked off.
   *
   * @param {Ask} _ask
   * @param {boolean} _all whether it is for all topics; otherwise it is to end as soon as they are placed
   * @returns {Promise<unknown>}
   */
  async run(_ask, _all) {
    return undefined;
  }

  /** @override */
  async start() {
    const { owner } = this;
    const { topics } = owner;
    /** Topics to ask for one by one, to learn which of them is refused. @type {Entry[]} */
    let suspects = [];
    /** Topics that were suspects once. */
    const checked = new Set();
    while (!this.done) {
      this.abort = new AbortController();
      const { signal } = this.abort;
      const [suspect] = suspects.splice(0, 1);
      const asks = asksFor(suspect ? [suspect] : topics.values());
      const ask = asks.length > 1 ? asks.find(({ cursor }) => !cursor) : asks[0];
      if (!ask) {
        owner.replace();
        return;
      }
      try {
        await this.run(ask, asks.length === 1 && !suspect);
      } catch (thrown) {
        const { entries } = ask;
        const [entry, another] = entries;
        if (!signal.aborted) {
          if (!entry || !refusesTopics(thrown) || (another && entries.every(one => checked.has(one)))) {
            throw thrown;
          }
          // The same as over WebSocket: what is refused is told of and dropped, the others are not harmed.
          if (another) {
            suspects = entries.filter(one => checked.add(one));
          } else {
            topics.refuse(entry, thrown);
          }
        }
      }
    }
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
}

/**
 * Whether a request was refused for what it asks for: a topic, a cursor.
 *
 * @param {unknown} thrown
 * @returns {thrown is PushError}
 */
function refusesTopics(thrown) {
  return thrown instanceof PushError && [4000, 4003].includes(thrown.closeCode ?? 0);
}
