import { advanced, cursorOf, earliest, parseId, reached, START } from './cursor.js';
import { PushError } from './errors.js';

/**
 * The subscribed topics, where each of them stands, and who hears of it.
 *
 * Every topic knows a position of its own, because topics that join at different times share one URL on SSE and long-poll:
 *
 * - *fresh*: nothing is known yet; it is asked for by `replay` alone.
 * - *placed*: it has a cursor (`from`), up to which everything was seen or not asked for. It is what the caller gave as `since`,
 *   what an answer said, or where the link stood that it was live on.
 * - *live*: `subscribed` has come over a link; the link's cursor is its position, in common with the link's other topics.
 *
 * Placed topics resume together from the *earliest* of their positions. What a topic is sent again for the sake of the others is
 * dropped: an event at or before the topic's own position or at or before the last event it had. So nothing is lost (the common
 * cursor is behind nobody's position) and nothing comes twice or from before the topic was added.
 *
 * @typedef {import('./link.js').Link} Link
 * @typedef {import('./cursor.js').Cursor} Cursor
 * @typedef {import('../types/client.d.ts').PushEvent} PushEvent
 * @typedef {import('../types/client.d.ts').Handler} Handler
 * @typedef {<K extends keyof import('../types/client.d.ts').PushEvents>(
 *   name: K, value: import('../types/client.d.ts').PushEvents[K]) => void} Emit
 * @typedef {{entries: Entry[], replay: number, cursor: Cursor | undefined}} Ask what one request asks for
 */

/** One subscribed topic. */
export class Entry {
  /** @type {Set<Handler>} */
  handlers = new Set();
  /** Live on this link. @type {Link | undefined} */
  link;
  /** The last event. @type {import('./cursor.js').Id | undefined} */
  last;

  /**
   * @param {string} name
   * @param {number} replay
   * @param {Cursor | undefined} from
   */
  constructor(name, replay, from) {
    this.name = name;
    this.replay = replay;
    this.from = from;
  }

  /** Where it stands; undefined while it is fresh. A fresh topic cut amid its replay goes on behind the last event it had. */
  get position() {
    return this.link?.cursor ?? this.from ?? (this.last && cursorOf(this.last));
  }

  /**
   * Everything up to a cursor has been seen.
   *
   * @param {Cursor} cursor
   */
  moveTo(cursor) {
    this.from = advanced(this.position ?? START, cursor);
  }

  /**
   * Whether what comes under this id has been seen, or lies before the topic was added.
   *
   * @param {string} id
   */
  has(id) {
    const at = parseId(id);
    return reached(at, this.last) || reached(at, this.position?.get(at.partition));
  }
}

/** @param {Entry[]} entries */
export function namesOf(entries) {
  return entries.map(({ name }) => name);
}

/**
 * The cursor that resumes all of the topics that are not fresh.
 *
 * @param {Iterable<Entry>} entries
 * @returns {Cursor | undefined} undefined when all are fresh
 */
export function common(entries) {
  // Most have one in common.
  const positions = new Set([...entries].map(({ position }) => position));
  return [...positions].reduce((a, b) => (a && b ? earliest(a, b) : (a ?? b)), undefined);
}

/**
 * What to ask for each topic: one request for the placed ones, and one for the fresh ones of each `replay`.
 *
 * @param {Iterable<Entry>} entries
 * @returns {Ask[]}
 */
export function asksFor(entries) {
  /** @type {Map<number, Entry[]>} -1 for the placed ones */
  const groups = new Map();
  for (const entry of entries) {
    const key = entry.position ? -1 : entry.replay;
    groups.set(key, groups.get(key) ?? []);
    groups.get(key)?.push(entry);
  }
  return [...groups].map(([replay, group]) => ({ entries: group, replay, cursor: common(group) }));
}

/** All topics, by name. @extends {Map<string, Entry>} */
export class Topics extends Map {
  #emit;

  /** @param {Emit} emit */
  constructor(emit) {
    super();
    this.#emit = emit;
  }

  /**
   * @param {string} name
   * @param {Handler} handler
   * @param {number} replay
   * @param {Cursor | undefined} from
   * @returns {Entry}
   */
  add(name, handler, replay, from) {
    const entry = this.get(name) ?? new Entry(name, replay, from);
    entry.handlers.add(handler);
    this.set(name, entry);
    return entry;
  }

  /**
   * Ends one handler of a topic, and the topic with its last one.
   *
   * @param {Entry} entry
   * @param {Handler} handler
   */
  remove(entry, handler) {
    entry.handlers.delete(handler);
    if (!entry.handlers.size && this.get(entry.name) === entry) {
      this.delete(entry.name);
    }
  }

  /**
   * Ends a topic that was refused.
   *
   * @param {Entry} entry
   * @param {PushError} error
   */
  refuse({ name, handlers }, error) {
    handlers.clear();
    this.delete(name);
    error.topic ??= name;
    this.#emit('error', error);
  }

  /**
   * The topics of a link that is gone stand where it stood.
   *
   * @param {Link} link
   */
  detach(link) {
    for (const entry of this.values()) {
      if (entry.link === link) {
        entry.from = link.cursor;
        entry.link = undefined;
      }
    }
  }

  /**
   * Hands an event to the topic's handlers, unless it has it already.
   *
   * @param {PushEvent} event
   */
  deliver(event) {
    const entry = this.get(event.topic);
    if (entry && !entry.has(event.id)) {
      entry.last = parseId(event.id);
      for (const handler of [...entry.handlers]) {
        if (entry.handlers.has(handler)) {
          this.#call(handler, event);
        }
      }
    }
  }

  /** @param {import('../types/client.d.ts').Gap} gap */
  gap({ topic, from, to, reason }) {
    const entry = this.get(topic);
    // What the others' earlier cursor misses is no gap for one that is past it.
    if (entry && !entry.has(to)) {
      this.#emit('gap', { topic, from, to, reason });
    }
  }

  /**
   * @param {Handler} handler
   * @param {PushEvent} event
   */
  #call(handler, event) {
    const { topic } = event;
    /** @param {unknown} cause */
    const report = cause => {
      this.#emit('error', new PushError('handler', 'a handler threw', { topic, cause }));
    };
    try {
      const result = handler(event);
      if (result instanceof Promise) {
        result.catch(report);
      }
    } catch (thrown) {
      report(thrown);
    }
  }
}
