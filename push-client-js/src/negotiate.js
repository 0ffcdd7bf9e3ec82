import { get } from './http.js';

/**
 * @typedef {import('../types/client.d.ts').TransportName} TransportName
 * @typedef {{endpoint: URL, transports: TransportName[], heartbeatMs: number, pollWaitMs: number,
 *   limits: {topicsPerUrl: number, topicsPerMessage: number, messageBytes: number}}} Negotiated
 */

/** What the service at one URL offers and what works from here: known to the whole page. */
export class Site {
  /** Transports that do not work. @type {Set<TransportName>} */
  failed = new Set();
  /** @type {Promise<Negotiated> | undefined} */
  #answer;
  #url;

  /** @param {string} base */
  constructor(base) {
    this.#url = new URL('negotiate', base);
  }

  /**
   * Asks the service (docs/PROTOCOL.md, "Negotiation"), once unless it fails.
   *
   * @param {Parameters<typeof get>[0] & {connectTimeoutMs: number}} how
   */
  negotiate(how) {
    this.#answer ??= get(how, this.#url, 'application/json', AbortSignal.timeout(how.connectTimeoutMs))
      .then(response => response.json())
      .then(answer => ({ ...answer, endpoint: new URL(answer.url, this.#url) }));
    this.#answer.catch(() => this.forget());
    return this.#answer;
  }

  /** Nothing works: all is asked and tried again. */
  forget() {
    this.#answer = undefined;
    this.failed.clear();
  }
}

/** @type {Map<string, Site>} */
const sites = new Map();

/**
 * @param {string} base
 * @returns {Site}
 */
export function siteOf(base) {
  const site = sites.get(base) ?? new Site(base);
  sites.set(base, site);
  return site;
}
