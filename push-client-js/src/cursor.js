/**
 * Event ids and cursors (docs/PROTOCOL.md, "Ids and cursors"). An id is `partition:epoch:ms-seq`; a cursor is a comma-separated
 * list of ids, one a partition. The service's cursors are opaque to applications, not to this library: it keeps one entry a partition.
 *
 * @typedef {{partition: string, lane: string, ms: number, seq: number, text: string, since: number}} Id
 *   `lane` is partition and epoch: ids of one lane have an order. `since` orders entries by when this page first saw the lane in them
 * @typedef {ReadonlyMap<string, Id>} Cursor by partition
 */

const FORM = /^((\d+):\w+):(\d+)-(\d+)$/;

/** Says nothing about any partition. @type {Cursor} */
export const START = new Map();

/** Ticks once an id that is read. */
let clock = 0;

/**
 * @param {string} text
 * @returns {Id}
 * @throws {TypeError} when it is not an id
 */
export function parseId(text) {
  const [, lane, partition, ms, seq] = FORM.exec(text) ?? [];
  if (!lane || !partition) {
    throw new TypeError(`not an event id: ${text}`);
  }
  return { partition, lane, ms: Number(ms), seq: Number(seq), text, since: clock++ };
}

/**
 * @param {string} text
 * @returns {Cursor}
 * @throws {TypeError} when it is not a cursor
 */
export function parseCursor(text) {
  return text ? cursorOf(...text.split(',').map(parseId)) : START;
}

/**
 * @param {Id[]} ids
 * @returns {Cursor}
 */
export function cursorOf(...ids) {
  return new Map(ids.map(id => [id.partition, id]));
}

/**
 * @param {Cursor | undefined} cursor
 * @returns {string} empty for none
 */
export function cursorText(cursor = START) {
  return [...cursor.values()].map(({ text }) => text).join();
}

/**
 * Whether a position at `id` has been reached by one that stands at `at`: same partition and epoch, and not behind it.
 *
 * @param {Id} id
 * @param {Id | undefined} at
 */
export function reached(id, at) {
  return at?.lane === id.lane && (at.ms - id.ms || at.seq - id.seq) >= 0;
}

/**
 * A cursor, moved on to another one: within an epoch never back; an entry of another epoch replaces the old one, for only the newer
 * store can have sent it.
 *
 * @param {Cursor} cursor
 * @param {Cursor} newer
 */
export function advanced(cursor, newer) {
  return merged(cursor, newer, (a, b) => {
    if (a.lane !== b.lane) {
      return b;
    }
    return reached(b, a) ? a : { ...b, since: a.since };
  });
}

/**
 * The cursor from which neither who stands here nor who stands there misses anything. Where epochs differ it is the one that was
 * seen first: it belongs to a topic that is still to be told of the gap.
 *
 * @param {Cursor} one
 * @param {Cursor} other
 */
export function earliest(one, other) {
  return merged(one, other, (a, b) => ((a.lane === b.lane ? reached(a, b) : a.since < b.since) ? a : b));
}

/**
 * @param {Cursor} one
 * @param {Cursor} other
 * @param {(a: Id, b: Id) => Id} choose
 * @returns {Cursor}
 */
function merged(one, other, choose) {
  const entries = new Map(one);
  for (const [partition, id] of other) {
    const own = entries.get(partition);
    entries.set(partition, own ? choose(own, id) : id);
  }
  return entries;
}
