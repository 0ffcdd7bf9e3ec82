import { advanced, type Cursor, cursorOf, earliest, type Id, parseId, reached, START } from './cursor.js';
import { PushError } from './errors.js';
import type { Link } from './link.js';
import type { Gap, Handler, PushEvent, PushEvents } from './types.js';

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
 */

export type Emit = <K extends keyof PushEvents>(name: K, value: PushEvents[K]) => void;

/** What one request asks for. */
export interface Ask {
  entries: Entry[];
  replay: number;
  cursor: Cursor | undefined;
}

/** One subscribed topic. */
export class Entry {
  handlers = new Set<Handler>();
  /** Live on this link. */
  link: Link | undefined;
  /** The last event. */
  last: Id | undefined;

  constructor(
    readonly name: string,
    readonly replay: number,
    public from: Cursor | undefined,
  ) {}

  /** Where it stands; undefined while it is fresh. A fresh topic cut amid its replay goes on behind the last event it had. */
  get position(): Cursor | undefined {
    return this.link?.cursor ?? this.from ?? (this.last && cursorOf(this.last));
  }

  /** Everything up to a cursor has been seen. */
  moveTo(cursor: Cursor) {
    this.from = advanced(this.position ?? START, cursor);
  }

  /** Whether what comes under this id has been seen, or lies before the topic was added. */
  has(id: string): boolean {
    const at = parseId(id);
    return reached(at, this.last) || reached(at, this.position?.get(at.partition));
  }
}

export function namesOf(entries: Entry[]): string[] {
  return entries.map(({ name }) => name);
}

/**
 * The cursor that resumes all of the topics that are not fresh.
 *
 * @returns undefined when all are fresh
 */
export function common(entries: Iterable<Entry>): Cursor | undefined {
  // Most have one in common.
  const positions = new Set([...entries].map(({ position }) => position));
  return [...positions].reduce((a, b) => (a && b ? earliest(a, b) : (a ?? b)), undefined);
}

/** What to ask for each topic: one request for the placed ones, and one for the fresh ones of each `replay`. */
export function asksFor(entries: Iterable<Entry>): Ask[] {
  /** -1 for the placed ones. */
  const groups = new Map<number, Entry[]>();
  for (const entry of entries) {
    const key = entry.position ? -1 : entry.replay;
    const group = groups.get(key) ?? [];
    group.push(entry);
    groups.set(key, group);
  }
  return [...groups].map(([replay, group]) => ({ entries: group, replay, cursor: common(group) }));
}

/** All topics, by name. */
export class Topics extends Map<string, Entry> {
  /** Called when an event has been handed out. */
  moved: (() => void) | undefined;
  #emit: Emit;

  constructor(emit: Emit) {
    super();
    this.#emit = emit;
  }

  add(name: string, handler: Handler, replay: number, from: Cursor | undefined): Entry {
    const entry = this.get(name) ?? new Entry(name, replay, from);
    entry.handlers.add(handler);
    this.set(name, entry);
    return entry;
  }

  /** Ends one handler of a topic, and the topic with its last one. */
  remove(entry: Entry, handler: Handler) {
    entry.handlers.delete(handler);
    if (!entry.handlers.size && this.get(entry.name) === entry) {
      this.delete(entry.name);
    }
  }

  /** Ends a topic that was refused. */
  refuse({ name, handlers }: Entry, error: PushError) {
    handlers.clear();
    this.delete(name);
    error.topic ??= name;
    this.#emit('error', error);
  }

  /** The topics of a link that is gone stand where it stood. */
  detach(link: Link) {
    for (const entry of this.values()) {
      if (entry.link === link) {
        entry.from = link.cursor;
        entry.link = undefined;
      }
    }
  }

  /** Hands an event to the topic's handlers, unless it has it already. */
  deliver(event: PushEvent) {
    const entry = this.get(event.topic);
    if (entry && !entry.has(event.id)) {
      entry.last = parseId(event.id);
      this.moved?.();
      const { topic } = event;
      for (const handler of [...entry.handlers]) {
        if (entry.handlers.has(handler)) {
          // Called at once; what it throws, now or later, is caught.
          (async () => handler(event))().catch(cause =>
            this.#emit('error', new PushError('handler', { topic, cause })),
          );
        }
      }
    }
  }

  miss({ topic, from, to, reason }: Gap) {
    const entry = this.get(topic);
    // What the others' earlier cursor misses is no gap for one that is past it.
    if (entry && !entry.has(to)) {
      this.#emit('gap', { topic, from, to, reason });
    }
  }
}
