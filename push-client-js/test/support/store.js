/**
 * The event store of the test server: two partitions (topics whose name begins with `two.` lie in the second one), an epoch that can be
 * lost, and as much retention as a test leaves.
 */
export class Store {
  #epoch = 1;
  #clock = 1_763_800_000_000;
  /** @type {Map<string, {events: object[], lost: string | undefined}>} `lost`: the id of the last event that is kept no more */
  #topics = new Map();
  #last = new Map();

  static partition(topic) {
    return topic.startsWith('two.') ? '1' : '0';
  }

  /** @returns {object} the event */
  append(topic, data, more = {}) {
    const partition = Store.partition(topic);
    const event = { id: `${partition}:E${this.#epoch}:${++this.#clock}-0`, topic, ...more, data };
    this.#last.set(partition, event.id);
    this.#topic(topic).events.push(event);
    return event;
  }

  /** The cursor of this moment, of the partitions in use. */
  cursor(topics) {
    const partitions = new Set([...topics].map(Store.partition));
    return [...partitions]
      .sort()
      .map(p => this.#position(p))
      .join(',');
  }

  /** Forgets the topic's events, all but the newest `keep`. */
  trim(topic, keep = 0) {
    const kept = this.#topic(topic);
    const dropped = kept.events.splice(0, kept.events.length - keep);
    kept.lost = dropped.at(-1)?.id ?? kept.lost;
  }

  /** Loses its memory. */
  loseAll() {
    this.#epoch++;
    this.#topics.clear();
    this.#last.clear();
  }

  /** @returns {{events: object[], gaps: object[]}} in the order of positions */
  replay(topics, cursor, replay) {
    const events = [];
    const gaps = [];
    for (const topic of topics) {
      const after = cursor?.split(',').find(id => id.startsWith(`${Store.partition(topic)}:`));
      const part = after ? this.#after(topic, after) : { events: this.#newest(topic, cursor ? 0 : replay), gaps: [] };
      events.push(...part.events);
      gaps.push(...part.gaps);
    }
    return { events: events.sort((a, b) => at(a.id) - at(b.id)), gaps };
  }

  #newest(topic, count) {
    return count > 0 ? this.#topic(topic).events.slice(-count) : [];
  }

  #after(topic, after) {
    const { events, lost } = this.#topic(topic);
    const to = lost ?? this.#start(Store.partition(topic));
    if (epoch(after) !== `E${this.#epoch}`) {
      return { events, gaps: [{ topic, from: after, to, reason: 'epoch' }] };
    }
    const gaps = lost && at(lost) > at(after) ? [{ topic, from: after, to: lost, reason: 'retention' }] : [];
    return { events: events.filter(event => at(event.id) > at(after)), gaps };
  }

  #topic(name) {
    if (!this.#topics.has(name)) {
      this.#topics.set(name, { events: [], lost: undefined });
    }
    return this.#topics.get(name);
  }

  #position(partition) {
    return this.#last.get(partition) ?? this.#start(partition);
  }

  #start(partition) {
    return `${partition}:E${this.#epoch}:0-0`;
  }
}

const at = id => Number(id.split(':')[2].split('-')[0]);
const epoch = id => id.split(':')[1];
