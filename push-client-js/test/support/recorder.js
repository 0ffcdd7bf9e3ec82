import { connect } from 'edgepush-client';
import { WebSocket } from 'ws';
import { Happenings } from './happenings.js';

/** Connects, and writes down all that the client tells. */
export class Recorder extends Happenings {
  states = [];
  errors = [];
  gaps = [];
  subscribed = [];
  /** Data of the events, by topic. @type {Record<string, unknown[]>} */
  events = {};

  /** Short pauses, and patience with a busy machine. */
  constructor(url, options = {}) {
    super();
    this.push = connect(url, { WebSocket, backoffMs: [5, 40], connectTimeoutMs: 15_000, ...options });
    for (const [name, list] of [
      ['state', this.states],
      ['error', this.errors],
      ['gap', this.gaps],
      ['subscribed', this.subscribed],
    ]) {
      this.push.on(name, value => {
        list.push(value);
        this.happened();
      });
    }
  }

  subscribe(topics, options) {
    return this.push.subscribe(
      topics,
      event => {
        this.events[event.topic] ??= [];
        this.events[event.topic].push(event.data);
        this.happened();
      },
      options,
    );
  }

  /** Until the topic's events are as many as these; they must be these. */
  async received(topic, count) {
    await this.until(() => (this.events[topic]?.length ?? 0) >= count);
    return this.events[topic];
  }

  /** Until these topics have been told to be live, the given number of times. */
  live(topics, times = 1) {
    return this.until(() =>
      topics.every(topic => this.subscribed.filter(message => message.topics.includes(topic)).length >= times),
    );
  }

  open(transport) {
    return this.until(() => this.push.state.status === 'open' && this.push.transport === transport);
  }

  closed() {
    return this.until(() => this.push.state.status === 'closed');
  }

  describe() {
    const { states, errors, gaps, events } = this;
    const seen = { states: states.map(s => s.status), errors: errors.map(e => `${e.code} ${e.message}`), gaps, events };
    return JSON.stringify(seen).slice(0, 2000);
  }
}
