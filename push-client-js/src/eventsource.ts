/** What the platform's EventSource has, or another implementation of it. */
export type EventSourceConstructor = new (
  url: string,
  init?: { withCredentials?: boolean },
) => {
  // biome-ignore lint/suspicious/noExplicitAny: an Event without data, or a MessageEvent.
  addEventListener(type: string, listener: (event: any) => void): void;
  close(): void;
};

/** The types of the protocol's messages that come over a stream. */
const TYPES = ['message', 'welcome', 'subscribed', 'gap', 'error', 'reconnect'];

/** An EventSource does not tell of comments, and so not of heartbeats: as long as it is open it counts as alive. */
const BEAT_MS = 5000;

/**
 * A `fetch` whose event streams go by an EventSource: for networks and tools that know event streams by it only.
 *
 *     connect(url, { transports: ['sse'], fetch: byEventSource() })
 *
 * The token goes into the URL, as no header can be set. That the network has silently gone is not noticed.
 */
export function byEventSource(EventSource: EventSourceConstructor = globalThis.EventSource): typeof fetch {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (headers.get('Accept') !== 'text/event-stream') {
      return fetch(input, init);
    }
    const url = new URL(`${input}`);
    const token = headers.get('Authorization')?.replace('Bearer ', '');
    if (token) {
      url.searchParams.set('access_token', token);
    }
    const { signal } = init;
    const source = new EventSource(url.href, { withCredentials: init.credentials === 'include' });
    let beat: ReturnType<typeof setInterval>;
    const end = () => {
      clearInterval(beat);
      source.close();
    };
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const encoder = new TextEncoder();
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const fail = (why: unknown) => {
          end();
          controller.error(why);
        };
        beat = setInterval(() => write(': open\n\n'), BEAT_MS);
        signal?.addEventListener('abort', () => fail(signal.reason), { once: true });
        for (const type of TYPES) {
          source.addEventListener(type, ({ data, lastEventId }) => {
            if (data !== undefined) {
              write(`id: ${lastEventId}\nevent: ${type}\ndata: ${data}\n\n`);
            } else if (type === 'error') {
              // It would come back by itself, but not when the service asks for it.
              fail(new TypeError('EventSource failed'));
            }
          });
        }
      },
      cancel: end,
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  };
}
