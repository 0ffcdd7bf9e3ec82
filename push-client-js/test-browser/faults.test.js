import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { Middlebox } from './middlebox.js';
import { browserPath, FLAGS, firefoxPath, post, startRedis, startService } from './processes.js';

// Firefox by WebDriver BiDi, Chromium by its own protocol.
const BROWSERS = {
  chromium: () => puppeteer.launch({ executablePath: browserPath(), args: FLAGS }),
  firefox: () => puppeteer.launch({ browser: 'firefox', executablePath: firefoxPath() }),
};

let redis;
/** Two nodes over one Redis. */
let nodes;

before(async () => {
  redis = await startRedis();
  const options = ['--redis', redis.url, '--heartbeat', '2s'];
  nodes = [await startService(...options), await startService(...options)];
});

after(async () => {
  for (const node of nodes ?? []) {
    await node.process.end();
  }
  await redis?.process.end();
});

/** A page behind a middlebox, and a publisher that notes what it has published. */
class Scene {
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

  /** Connects and subscribes; resolves when the topic is live. */
  async subscribe(options = {}) {
    await this.page.evaluate(
      async (topic, more) => {
        const { connect } = await import('/client.js');
        window.seen = { data: [], gaps: 0, transports: [], live: 0 };
        const push = connect('/', { backoffMs: [100, 500], connectTimeoutMs: 3000, ...more });
        window.push = push;
        push.on('state', state => state.transport && window.seen.transports.push(state.transport));
        push.on('gap', () => window.seen.gaps++);
        push.on('error', () => {});
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
      await this.page.waitForFunction(condition, { polling: 50 }, ...values);
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

for (const [name, launch] of Object.entries(BROWSERS)) {
  describe(name, () => {
    let browser;

    before(async () => {
      browser = await launch();
    });

    after(() => browser?.close());

    test('a proxy that refuses upgrades: SSE', async t => {
      const scene = await Scene.begin(t, browser, 'upgrades', { refuseUpgrades: true });
      await scene.subscribe();
      await scene.publish(10);
      const { transports } = await scene.verdict(t);
      assert.deepEqual(transports, ['sse']);
    });

    test('a proxy that buffers streams too: long-poll, and back up to WebSocket when it lets that through', async t => {
      const scene = await Scene.begin(t, browser, 'buffers', { refuseUpgrades: true, buffer: true });
      await scene.subscribe({ upgradeMs: 1000 });
      await scene.publish(5);
      await scene.until('long-poll');
      scene.box.refuseUpgrades = false;
      await scene.publish(5);
      await scene.until('websocket');
      await scene.publish(5);
      await scene.verdict(t);
    });

    for (const transport of ['websocket', 'sse', 'long-poll']) {
      test(`a proxy that breaks idle connections: ${transport}`, async t => {
        const scene = await Scene.begin(t, browser, 'idle', { idleMs: 1000 });
        await scene.subscribe({ transports: [transport] });
        for (let i = 0; i < 3; i++) {
          await scene.publish(3);
          await scene.box.broken();
        }
        scene.box.idleMs = 0;
        await scene.publish(3);
        await scene.verdict(t);
      });
    }

    for (const transport of ['websocket', 'sse']) {
      test(`a network that drops everything silently: ${transport} is missed by its heartbeats`, async t => {
        const scene = await Scene.begin(t, browser, 'silent');
        await scene.subscribe({ transports: [transport] });
        await scene.publish(5);
        await scene.wait(() => window.seen.data.length === 5);
        scene.box.silent = true;
        await scene.publish(5);
        await scene.wait(() => window.push.state.status !== 'open');
        scene.box.silent = false;
        await scene.publish(5);
        await scene.verdict(t);
      });
    }

    test('a node that is killed: another one goes on', async t => {
      const scene = await Scene.begin(t, browser, 'killed');
      const victim = await startService('--redis', redis.url, '--heartbeat', '2s');
      t.after(() => victim.process.end('SIGKILL'));
      scene.box.target = victim.port;
      await scene.subscribe();
      await scene.publish(5);
      scene.box.target = nodes[0].port;
      const killed = victim.process.end('SIGKILL');
      await scene.publish(20);
      await killed;
      await scene.publish(5);
      await scene.verdict(t);
    });

    test('a network that breaks many times amid events', async t => {
      const scene = await Scene.begin(t, browser, 'cut');
      await scene.subscribe();
      for (let i = 0; i < 5; i++) {
        await scene.publish(5);
        scene.box.cut();
        await scene.publish(5);
      }
      await scene.verdict(t);
    });

    test('a reload with persist misses nothing', async t => {
      const scene = await Scene.begin(t, browser, 'reload');
      await scene.subscribe({ persist: true });
      await scene.publish(5);
      await scene.verdict(t);
      const reloaded = scene.page.reload();
      await scene.publish(5);
      await reloaded;
      await scene.subscribe({ persist: true });
      await scene.publish(5);
      await scene.verdictOfAllPages(t);
    });

    test('a page that is left and come back to goes on, kept by the browser or loaded anew', async t => {
      const scene = await Scene.begin(t, browser, 'back');
      await scene.subscribe({ persist: true });
      await scene.publish(5);
      await scene.verdict(t);
      await scene.page.goto(`${scene.box.url}/favicon.svg`);
      await scene.publish(5);
      await scene.page.goBack();
      // Going back may be over for the driver before it is for the browser.
      await scene.wait(() => !location.pathname.endsWith('.svg') && document.readyState === 'complete');
      const kept = await scene.page.evaluate(() => window.push !== undefined);
      t.diagnostic(kept ? 'kept' : 'loaded anew');
      if (!kept) {
        await scene.subscribe({ persist: true });
      }
      await scene.publish(5);
      await scene.verdictOfAllPages(t);
    });

    test('what is no longer there is announced by a gap', async t => {
      const scene = await Scene.begin(t, browser, 'gap');
      await scene.subscribe();
      await scene.publish(5);
      await scene.wait(() => window.seen.data.length === 5);
      scene.box.silent = true;
      await scene.publish(5);
      const history = `http://127.0.0.1:${nodes[1].privatePort}/v1/topics/${encodeURIComponent(scene.topic)}/events`;
      assert.ok((await fetch(history, { method: 'DELETE' })).ok);
      await scene.wait(() => window.push.state.status !== 'open');
      scene.box.silent = false;
      await scene.wait(() => window.push.state.status === 'open' && window.seen.gaps > 0);
      await scene.publish(5);
      await scene.verdict(t, [...scene.wanted.slice(0, 5), ...scene.wanted.slice(10)], 1);
    });

    test("the browser's own EventSource, without a client, resumes and sees the gap", async t => {
      const scene = await Scene.begin(t, browser, 'plain');
      await scene.page.evaluate(async topic => {
        window.seen = { data: [], gaps: 0 };
        const source = new EventSource(`/subscribe?topic=${encodeURIComponent(topic)}`);
        source.onmessage = ({ data }) => window.seen.data.push(JSON.parse(data).data);
        source.addEventListener('gap', () => window.seen.gaps++);
        await new Promise(resolve => source.addEventListener('subscribed', resolve, { once: true }));
      }, scene.topic);
      await scene.publish(5);
      scene.box.cut();
      await scene.publish(5);
      await scene.verdict(t);
      scene.box.cut();
      await scene.publish(1);
      const history = `http://127.0.0.1:${nodes[1].privatePort}/v1/topics/${encodeURIComponent(scene.topic)}/events`;
      await fetch(history, { method: 'DELETE' });
      await scene.wait(() => window.seen.gaps > 0);
      await scene.publish(5);
      await scene.verdict(t, [...scene.wanted.slice(0, 10), ...scene.wanted.slice(11)], 1);
    });
  });
}

test('offline and online again (Chromium)', async t => {
  const browser = await BROWSERS.chromium();
  t.after(() => browser.close());
  const scene = await Scene.begin(t, browser, 'offline');
  await scene.subscribe({ backoffMs: [60_000, 60_000] });
  await scene.publish(5);
  await scene.page.setOfflineMode(true);
  scene.box.cut();
  await scene.wait(() => window.push.state.status === 'waiting');
  await scene.publish(5);
  await scene.page.setOfflineMode(false);
  await scene.verdict(t);
});

test('a page that is frozen while events come goes on where it was (Chromium)', async t => {
  const browser = await BROWSERS.chromium();
  t.after(() => browser.close());
  const scene = await Scene.begin(t, browser, 'frozen');
  await scene.subscribe();
  await scene.publish(5);
  await scene.verdict(t);
  const session = await scene.page.createCDPSession();
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await scene.publish(20);
  scene.box.cut();
  await scene.publish(5);
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await scene.publish(5);
  await scene.verdict(t);
});
