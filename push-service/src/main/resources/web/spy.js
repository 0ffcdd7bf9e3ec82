/**
 * Stands between the client and the browser: tells of every frame, cuts connections, and blocks transports, as a network would.
 */
export class Spy {
  /** Transports that do not get through; `everything` for none. */
  blocked = new Set();
  #open = new Set();
  #tell;

  /** @param tell called with direction (`in`, `out`, `note`), transport and text */
  constructor(tell) {
    this.#tell = tell;
  }

  /** Breaks what is open. */
  cut() {
    for (const end of [...this.#open]) {
      end();
    }
  }

  get WebSocket() {
    const spy = this;
    return class extends WebSocket {
      constructor(url, protocols) {
        const blocked = spy.#stops('websocket');
        // Port 9 discards: a browser refuses it, as it refuses what a proxy does not let through.
        super(blocked ? 'ws://127.0.0.1:9' : url, protocols);
        const { pathname } = new URL(url);
        spy.#tell('note', 'websocket', blocked ? 'blocked' : `opening ${pathname}`);
        const end = () => {
          spy.#open.delete(end);
          this.close();
          // The browser tells the page only when the other side has answered: a cut network does not.
          this.onclose?.({ code: 1006, reason: '' });
        };
        spy.#open.add(end);
        this.addEventListener('message', ({ data }) => spy.#tell('in', 'websocket', data));
        this.addEventListener('close', ({ code, reason }) => {
          spy.#open.delete(end);
          spy.#tell('note', 'websocket', `closed ${code} ${reason}`);
        });
      }

      send(text) {
        spy.#tell('out', 'websocket', text.replace(/("token":")[^"]*/, '$1…'));
        super.send(text);
      }
    };
  }

  fetch = async (url, options = {}) => {
    const accept = options.headers?.Accept;
    const { pathname, searchParams } = new URL(url);
    const subscribing = pathname.endsWith('/subscribe');
    const transport = !subscribing ? 'http' : accept === 'text/event-stream' ? 'sse' : 'long-poll';
    this.#tell('out', transport, `GET ${pathname}${searchParams.size ? `?${decodeURIComponent(searchParams)}` : ''}`);
    if (this.#stops(transport)) {
      this.#tell('note', transport, 'blocked');
      throw new TypeError('blocked');
    }
    const abort = new AbortController();
    const end = () => abort.abort(new TypeError('cut'));
    const pass = () => abort.abort(options.signal.reason);
    options.signal?.addEventListener('abort', pass, { once: true });
    this.#open.add(end);
    try {
      const answer = await fetch(url, { ...options, signal: abort.signal });
      if (transport === 'sse' && answer.ok) {
        return this.#stream(answer, end);
      }
      const text = await answer.text();
      this.#tell('in', transport, `${answer.status} ${text}`);
      return new Response(text, { status: answer.status, headers: answer.headers });
    } finally {
      if (transport !== 'sse') {
        this.#open.delete(end);
        options.signal?.removeEventListener('abort', pass);
      }
    }
  };

  #stream(answer, end) {
    const decoder = new TextDecoder();
    const watch = new TransformStream({
      transform: (chunk, controller) => {
        this.#tell('in', 'sse', decoder.decode(chunk, { stream: true }).trimEnd());
        controller.enqueue(chunk);
      },
      flush: () => this.#open.delete(end),
    });
    return new Response(answer.body.pipeThrough(watch), { status: answer.status, headers: answer.headers });
  }

  #stops(transport) {
    return this.blocked.has(transport) || this.blocked.has('everything');
  }
}
