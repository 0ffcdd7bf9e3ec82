import assert from 'node:assert/strict';
import { after } from 'node:test';
import { Middlebox } from './middlebox.js';
import { post, startRedis, startService } from './processes.js';

export const redis = await startRedis();
const options = ['--redis', redis.url, '--heartbeat', '2s'];
/** Two nodes over one Redis. */
export const nodes = await Promise.all([startService(...options), startService(...options)]);

after(async () => {
  await Promise.all(nodes.map(node => node.process.end()));
  await redis.process.end();
});

/** A page behind a middlebox, and a publisher that notes what it has published. */
export class Scene {
  wanted = [];
  #node = nodes[1];

  static async begin(t, browser, topic, settings = {}) {
    const scene = new Scene();
    scene.topic = `${topic}/${crypto.randomUUID().slice(0, 8)}`;
    scene.box = Object.assign(await Middlebox.start(nodes[0].port), settings);
    scene.page = await browser.newPage();
    t.after(async () => {
      await scene.page.close().catch(() => {});
      await scene.box.stop();
    });
    await scene.page.goto(`${scene.box.url}/blank`);
    return scene;
  }

  /**
   * Connects and subscribes; resolves when the topic is live.
   *
   * @param options of `connect`; `tokens`, in place of a token: each counts until the one before has ended, or, when `early`, is to end
   */
  async subscribe(options = {}) {
    await this.page.evaluate(
      async (topic, { tokens, early, ...more }) => {
        const { connect } = await import('/client.js');
        window.seen = { data: [], gaps: 0, transports: [], live: 0, errors: [], tokens: 0 };
        const token = () => {
          const ended = !window.push || early || window.push.state.status !== 'open';
          return tokens[ended ? window.seen.tokens++ : window.seen.tokens - 1];
        };
        const how = { backoffMs: [100, 500], connectTimeoutMs: 3000, token: tokens && token };
        const push = connect('/', { ...how, ...more });
        window.push = push;
        push.on('state', state => state.transport && window.seen.transports.push(state.transport));
        push.on('gap', () => window.seen.gaps++);
        push.on('error', ({ code }) => window.seen.errors.push(code));
        push.on('subscribed', () => window.seen.live++);
        push.subscribe(topic, ({ data }) => {
          window.seen.data.push(data);
          // For all pages of this tab, as one may be left while events come.
          sessionStorage.seen = JSON.stringify([...JSON.parse(sessionStorage.seen ?? '[]'), data]);
        });
      },
      this.topic,
      options,
    );
    await this.wait(() => window.seen.live > 0);
  }

  async publish(count) {
    for (let i = 0; i < count; i++) {
      this.wanted.push(this.wanted.length);
      await post(this.#node, { topic: this.topic, data: this.wanted.length - 1 });
    }
  }

  /** Publishes so many for so long at least. */
  async publishFor(ms, count) {
    for (let i = 0; i < count; i++) {
      await this.publish(1);
      await new Promise(resolve => setTimeout(resolve, ms / count));
    }
  }

  until(transport) {
    return this.wait(name => window.push.transport === name, transport);
  }

  /** Whether all came, once and in order, whichever page of the tab got them. */
  async verdictOfAllPages(t) {
    await this.#last(this.wanted);
    const data = await this.page.evaluate(() => JSON.parse(sessionStorage.seen));
    const gaps = await this.page.evaluate(() => window.seen.gaps);
    this.#judge(t, { data, gaps }, this.wanted, 0);
  }

  #last(wanted) {
    return this.wait(last => window.seen.data.includes(last), wanted.at(-1));
  }

  /** Waits for a condition in the page; not at each frame, as a page that is frozen or behind another one draws none. */
  async wait(condition, ...values) {
    try {
      await this.page.waitForFunction(condition, { polling: 50, timeout: 60_000 }, ...values);
    } catch (error) {
      const there = await this.page.evaluate(() => JSON.stringify({ state: window.push?.state, seen: window.seen }));
      throw new Error(`${condition} does not become true; ${there}`, { cause: error });
    }
  }

  /** Whether all came to this page, once and in order. */
  async verdict(t, wanted = this.wanted, gaps = 0) {
    await this.#last(wanted);
    const seen = await this.page.evaluate(() => window.seen);
    return this.#judge(t, seen, wanted, gaps);
  }

  #judge(t, seen, wanted, gaps) {
    const lost = wanted.filter(data => !seen.data.includes(data)).length;
    const twice = seen.data.length - new Set(seen.data).size;
    const disordered = seen.data.filter((data, i) => i > 0 && data < seen.data[i - 1]).length;
    t.diagnostic(
      `${wanted.length} events: ${lost} lost, ${twice} twice, ${disordered} out of order; ${seen.gaps} gaps`,
    );
    assert.deepEqual(seen.data, wanted);
    assert.equal(seen.gaps, gaps);
    return seen;
  }
}
