/**
 * Event ids and cursors (docs/PROTOCOL.md, "Ids and cursors"). An id is `partition:epoch:ms-seq`; a cursor is a comma-separated
 * list of ids, one a partition. The service's cursors are opaque to applications, not to this library: it keeps one entry a partition.
 */
export interface Id {
  partition: string;
  /** Partition and epoch: ids of one lane have an order. */
  lane: string;
  ms: number;
  seq: number;
  text: string;
  /** Orders entries by when this page first saw the lane in them. */
  seen: number;
}

/** By partition. */
export type Cursor = ReadonlyMap<string, Id>;

const FORM = /^((\d+):\w+):(\d+)-(\d+)$/;

/** Says nothing about any partition. */
export const START: Cursor = new Map();

/** Ticks once an id that is read. */
let clock = 0;

/** @throws {TypeError} when it is not an id */
export function parseId(text: string): Id {
  const [, lane, partition, ms = 0, seq = 0] = FORM.exec(text) ?? [];
  if (!lane || !partition) {
    throw new TypeError(`invalid: ${text}`);
  }
  return { partition, lane, ms: +ms, seq: +seq, text, seen: clock++ };
}

/** @throws {TypeError} when it is not a cursor */
export function parseCursor(text: string): Cursor {
  return text ? cursorOf(...text.split(',').map(parseId)) : START;
}

export function cursorOf(...ids: Id[]): Cursor {
  return new Map(ids.map(id => [id.partition, id]));
}

/** Empty for none. */
export function cursorText(cursor: Cursor = START): string {
  return [...cursor.values()].map(({ text }) => text).join();
}

/** Whether a position at `id` has been reached by one that stands at `at`: same partition and epoch, and not behind it. */
export function reached(id: Id, at: Id | undefined): boolean {
  return at?.lane === id.lane && (at.ms - id.ms || at.seq - id.seq) >= 0;
}

/**
 * A cursor, moved on to another one: within an epoch never back; an entry of another epoch replaces the old one, for only the newer
 * store can have sent it.
 */
export function advanced(cursor: Cursor, newer: Cursor): Cursor {
  return merged(cursor, newer, (a, b) => {
    if (a.lane !== b.lane) {
      return b;
    }
    return reached(b, a) ? a : { ...b, seen: a.seen };
  });
}

/**
 * The cursor from which neither who stands here nor who stands there misses anything. Where epochs differ it is the one that was
 * seen first: it belongs to a topic that is still to be told of the gap.
 */
export function earliest(one: Cursor, other: Cursor): Cursor {
  return merged(one, other, (a, b) => ((a.lane === b.lane ? reached(a, b) : a.seen < b.seen) ? a : b));
}

function merged(one: Cursor, other: Cursor, choose: (a: Id, b: Id) => Id): Cursor {
  const entries = new Map(one);
  for (const [partition, id] of other) {
    const own = entries.get(partition);
    entries.set(partition, own ? choose(own, id) : id);
  }
  return entries;
}
