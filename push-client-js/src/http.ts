import { cursorText } from './cursor.js';
import { PushError } from './errors.js';
import { type Deployment, Link } from './link.js';
import { type Ask, asksFor } from './topics.js';

/**
 * A GET request.
 *
 * @param accept the media type that is expected
 * @throws {PushError} when it is refused or is not of that type. Only a problem of the service itself has a close code: other
 *   refusals may come from something in between, which another transport gets around
 */
export async function get(
  { fetch: ask = fetch, credentials }: Pick<Deployment, 'fetch' | 'credentials'>,
  url: URL,
  accept: string,
  signal: AbortSignal,
  token?: string,
): Promise<Response> {
  const response = await ask(url, {
    headers: { Accept: accept, ...(token && { Authorization: `Bearer ${token}` }) },
    signal,
    credentials,
  });
  const { ok, status, statusText, headers } = response;
  if (ok && headers.get('Content-Type')?.startsWith(accept)) {
    return response;
  }
  const problem = await response.json().catch(() => ({}));
  const { code, topic, detail = statusText, retryAfterMs = pauseMs(headers) } = problem;
  const closeCode = retryAfterMs
    ? 4100
    : code && (status > 428 ? 4100 : status === 401 || status === 403 ? 3600 + status : 4000);
  throw new PushError(code ?? 'transport-failed', { status, topic, retryAfterMs, closeCode }, `${status} ${detail}`);
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); the service writes no dates. */
export function pauseMs(headers: Headers): number | undefined {
  return Number(headers.get('Retry-After')) * 1000 || undefined;
}

/**
 * A link that is made of requests. The topics stand in the URL with one cursor or one `replay` for all. Topics that this does not
 * fit, because some are fresh and others are not, are *placed* before: asked for by themselves, until they stand somewhere.
 */
export abstract class HttpLink extends Link {
  /** Of the request at hand. */
  current = new AbortController();
  override room = this.deployment.limits.topicsPerUrl;

  override stop() {
    this.current.abort();
  }

  /**
   * One request, worked off.
   *
   * @param all whether it is for all topics; otherwise it is to end as soon as they are placed
   */
  protected abstract run(ask: Ask, all: boolean): Promise<unknown>;

  override async begin() {
    const { owner } = this;
    const { topics } = owner;
    while (!this.over) {
      this.current = new AbortController();
      const { signal } = this.current;
      const asks = asksFor(topics.values());
      const ask = asks.length > 1 ? asks.find(({ cursor }) => !cursor) : asks[0];
      if (!ask) {
        owner.renew();
        return;
      }
      try {
        await this.run(ask, asks.length === 1);
      } catch (thrown) {
        if (!signal.aborted && !(refusesTopics(thrown) && (await this.#sift(ask)))) {
          throw thrown;
        }
      }
    }
  }

  /**
   * The same as over WebSocket: what is refused is told of and dropped, the others are not harmed.
   *
   * @returns whether some were refused
   */
  async #sift(ask: Ask) {
    let some = false;
    for (const entry of ask.entries) {
      try {
        await this.fetched({ ...ask, entries: [entry] }, 'application/json', 0);
      } catch (thrown) {
        if (!refusesTopics(thrown)) {
          throw thrown;
        }
        some = true;
        this.owner.topics.refuse(entry, thrown);
      }
    }
    return some;
  }

  /**
   * Asks for topics.
   *
   * @param accept the media type that is expected
   * @param wait in seconds, for a long-poll
   * @throws {PushError}
   */
  protected fetched({ entries, cursor, replay }: Ask, accept: string, wait?: number): Promise<Response> {
    const { deployment } = this;
    this.owner.checkRoom(entries.length, this);
    const url = new URL(deployment.endpoint);
    const { searchParams } = url;
    for (const { name } of entries) {
      searchParams.append('topic', name);
    }
    if (cursor?.size) {
      searchParams.set('cursor', cursorText(cursor));
    } else {
      searchParams.set('replay', `${replay}`);
    }
    if (wait != null) {
      searchParams.set('wait', `${wait}`);
    }
    return get(deployment, url, accept, this.current.signal, deployment.token);
  }
}

/** Whether a request was refused for what it asks for: a topic, a cursor. */
function refusesTopics(thrown: unknown): thrown is PushError {
  return thrown instanceof PushError && [4000, 4003].includes(thrown.closeCode ?? 0);
}
