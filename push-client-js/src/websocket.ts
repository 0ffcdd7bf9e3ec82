import { cursorText } from './cursor.js';
import { PushError } from './errors.js';
import { Link, type Message } from './link.js';
import { asksFor, type Entry, namesOf } from './topics.js';
import type { PushEvent } from './types.js';

/** So many of the longest topics and the longest cursor fit into what one message may have. */
const MAX_TOPICS = 600;

interface Request {
  entries?: Entry[];
  leaving?: Entry[];
  resolve?: (answer: Message) => void;
  reject?: (error: PushError) => void;
}

/** WebSocket: topics come and go by messages. */
export class WebSocketLink extends Link {
  /** What the service was asked for, by topic. */
  #asked = new Map<string, Entry>();
  /** What has not been answered, by `ref`. */
  #requests = new Map<number, Request>();
  #ref = 0;
  #open = false;
  // biome-ignore lint/suspicious/noExplicitAny: other WebSocket libraries have interfaces of their own.
  #socket: any;

  override async begin() {
    const { endpoint, WebSocket, token } = this.deployment;
    // The owner checked that there is one.
    const socket = new (WebSocket as NonNullable<typeof WebSocket>)(endpoint.href.replace('http', 'ws'), [
      'push.v1.json',
    ]);
    this.#socket = socket;
    socket.onopen = () => {
      this.#open = true;
      if (token != null) {
        // A refusal is followed by a close, which tells the owner.
        this.ask({ type: 'auth', token }).catch(() => {});
      }
      this.topicsChanged();
    };
    socket.onmessage = ({ data }: { data: string }) => this.#message(data);
    // Its close follows, and says as much.
    socket.onerror = () => {};
    socket.onclose = ({ code: closeCode, reason }: { code: number; reason: string }) => {
      // The service gives the code's name as reason.
      this.fail(new PushError(reason || 'connection-lost', { closeCode }));
    };
  }

  protected override stop() {
    for (const { reject } of this.#requests.values()) {
      reject?.(new PushError('connection-lost'));
    }
    this.#socket?.close();
  }

  /** Asks for what is new, takes leave of what is gone. */
  override topicsChanged() {
    if (!this.#open || this.over) {
      return;
    }
    const { topics } = this.owner;
    const gone = [...this.#asked.values()].filter(entry => topics.get(entry.name) !== entry);
    for (const leaving of this.#chunks(gone)) {
      this.#send({ type: 'unsubscribe', topics: namesOf(leaving) }, { leaving });
      for (const { name } of leaving) {
        this.#asked.delete(name);
      }
    }
    for (const { entries, cursor, replay } of asksFor(
      [...topics.values()].filter(({ name }) => !this.#asked.has(name)),
    )) {
      const from = cursor?.size ? { cursor: cursorText(cursor) } : { replay };
      for (const chunk of this.#chunks(entries)) {
        this.#send({ type: 'subscribe', topics: namesOf(chunk), ...from }, { entries: chunk });
        for (const entry of chunk) {
          this.#asked.set(entry.name, entry);
        }
      }
    }
    this.#caughtUp();
  }

  /**
   * Sends a request that is answered by one message.
   *
   * @param message without `ref`
   * @returns rejects with a PushError
   */
  ask(message: object, signal?: AbortSignal): Promise<Message> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.#send(message, { resolve, reject });
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }

  override confirmed({ ref }: Message) {
    for (const entry of this.#current(this.#requests.get(ref)?.entries)) {
      entry.link = this;
    }
    const asked = this.#requests.delete(ref);
    this.#caughtUp();
    return asked;
  }

  override take(event: PushEvent) {
    const { id, topic } = event;
    // What comes between `unsubscribe` and `unsubscribed` belongs to no subscription.
    if (![...this.#requests.values()].some(({ leaving }) => leaving?.some(({ name }) => name === topic))) {
      super.take(event);
    }
    // The replay of one topic says nothing about how far the others have come.
    if (this.#asked.get(topic)?.link === this) {
      this.advance(id);
    }
  }

  override refused(message: Message) {
    const { ref, topic, close, retryAfterMs } = message;
    const { leaving, entries, reject } = this.#requests.get(ref) ?? {};
    const error = this.errorOf(message);
    if (leaving) {
      // The service still sends what nobody wants: begin anew.
      this.fail(error);
    } else if (close || !(reject || entries)) {
      super.refused(message);
    }
    reject?.(error);
    for (const entry of this.#current(entries)) {
      if (!close && (!topic || topic === entry.name)) {
        this.#asked.delete(entry.name);
        if (retryAfterMs == null) {
          this.owner.topics.refuse(entry, error);
        }
      }
    }
    if (!this.#current(entries).length) {
      this.#requests.delete(ref);
    }
    if (entries && retryAfterMs != null) {
      this.owner.emit('error', error);
      setTimeout(() => this.topicsChanged(), retryAfterMs);
    }
    this.#caughtUp();
  }

  /** Where it takes over from another link it does so with all topics live. */
  #caughtUp() {
    if (this.#asked.size && !this.over && ![...this.#requests.values()].some(({ entries }) => entries)) {
      this.owner.opened(this);
    }
  }

  /** Those that are still asked for. */
  #current(entries: Entry[] = []): Entry[] {
    return entries.filter(entry => this.#asked.get(entry.name) === entry);
  }

  override receive(message: Message) {
    const { type, ref } = message;
    if (type === 'ack' || type === 'unsubscribed') {
      this.#requests.get(ref)?.resolve?.(message);
      this.#requests.delete(ref);
    } else {
      super.receive(message);
    }
  }

  #message(data: string) {
    if (!this.over) {
      this.touch();
      try {
        this.receive(JSON.parse(data));
      } catch (thrown) {
        this.fail(thrown);
      }
    }
  }

  /** In portions of what one message may carry. */
  *#chunks(entries: Entry[]) {
    const size = Math.min(this.deployment.limits.topicsPerMessage, MAX_TOPICS);
    for (const rest = [...entries]; rest.length; ) {
      yield rest.splice(0, size);
    }
  }

  /** @param request who gets the answer */
  #send(message: object, request: Request) {
    const ref = ++this.#ref;
    this.#requests.set(ref, request);
    this.#socket.send(JSON.stringify({ ...message, ref }));
  }
}
