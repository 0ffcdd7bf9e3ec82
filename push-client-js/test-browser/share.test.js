import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './browsers.js';
import { post, startService } from './processes.js';

const TABS = 3;

let service;

before(async () => {
  service = await startService();
});

after(() => service?.process.end());

/** Tabs of one origin that share a connection and note what they get. The first one has it. */
class Tabs {
  wanted = [];
  pages = [];

  static async open(t, browser, topic) {
    const tabs = new Tabs();
    tabs.topic = topic;
    t.after(() => Promise.all(tabs.pages.map(page => page.close().catch(() => {}))));
    for (let i = 0; i < TABS; i++) {
      const page = await browser.newPage();
      tabs.pages.push(page);
      await page.goto(`${service.url}/negotiate`);
      await tabs.join(page);
    }
    return tabs;
  }

  async join(page) {
    await page.evaluate(async name => {
      const { connect } = await import('/client.js');
      window.seen = { data: [], gaps: 0, live: 0, opened: 0 };
      const push = connect('/', { backoffMs: [50, 500], share: true });
      window.push = push;
      push.on('gap', () => window.seen.gaps++);
      push.on('state', ({ status }) => status === 'open' && window.seen.opened++);
      push.on('subscribed', () => window.seen.live++);
      push.subscribe(name, ({ data }) => window.seen.data.push(data));
    }, this.topic);
    await this.wait(page, () => window.seen.live > 0);
  }

  wait(page, condition, ...values) {
    return page.waitForFunction(condition, { polling: 50, timeout: 60_000 }, ...values);
  }

  async publish(count) {
    for (let i = 0; i < count; i++) {
      this.wanted.push(this.wanted.length);
      await post(service, { topic: this.topic, data: this.wanted.length - 1 });
    }
  }

  /** Whether all came to these pages, once and in order. */
  async verdict(t, pages) {
    for (const page of pages) {
      await this.wait(page, last => window.seen.data.includes(last), this.wanted.at(-1));
      const { data, gaps } = await page.evaluate(() => window.seen);
      assert.deepEqual(data, this.wanted);
      assert.equal(gaps, 0);
    }
    t.diagnostic(`${this.wanted.length} events, 0 lost, 0 twice, 0 out of order in each of ${pages.length} tabs`);
  }
}

const connections = async () => {
  const metrics = await (await fetch(`http://127.0.0.1:${service.privatePort}/metrics`)).text();
  const lines = metrics.split('\n').filter(line => /^push_connections\{.*websocket/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};

/** What may become of the leader, by name. */
const ENDS = {
  closed: page => page.close(),
  left: page => page.goto('about:blank'),
};

const CHROMIUM_ENDS = {
  crashed: page => page.goto('chrome://crash').catch(() => {}),
  frozen: async page => {
    const session = await page.createCDPSession();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  },
};

function suite(name, ends) {
  describe(name, () => {
    let browser;

    before(async () => {
      browser = await BROWSERS[name]();
    });

    after(() => browser?.close());

    for (const [how, end] of Object.entries(ends)) {
      test(`three tabs share one connection; when the leader is ${how} the others lose and double nothing`, async t => {
        const tabs = await Tabs.open(t, browser, `test/shared-${name}-${how}`);
        const [leader, ...others] = tabs.pages;
        await tabs.publish(10);
        await tabs.verdict(t, tabs.pages);
        assert.equal(await connections(), 1, 'one connection for three tabs');
        await tabs.publish(5);
        const ended = end(leader);
        await tabs.publish(20);
        await ended;
        await tabs.publish(5);
        await tabs.verdict(t, others);
      });
    }
  });
}

suite('chromium', { ...ENDS, ...CHROMIUM_ENDS });
suite('firefox', ENDS);

test('a leader that hangs is replaced by a tab that is looked at, and takes part again later (Chromium)', async t => {
  const browser = await BROWSERS.chromium();
  t.after(() => browser.close());
  const tabs = await Tabs.open(t, browser, 'test/shared-hung');
  const [leader, other, looked] = tabs.pages;
  await tabs.publish(5);
  await tabs.verdict(t, tabs.pages);
  await looked.bringToFront();
  const session = await leader.createCDPSession();
  await session.send('Debugger.enable');
  const hangs = new Promise(resolve => session.once('Debugger.paused', resolve));
  await session.send('Debugger.pause');
  const going = leader.evaluate(() => {});
  await hangs;
  const opened = await looked.evaluate(() => window.seen.opened);
  await tabs.publish(5);
  await tabs.wait(looked, had => window.seen.opened > had, opened);
  await tabs.publish(5);
  await tabs.verdict(t, [looked, other]);
  await session.send('Debugger.resume');
  await going;
  await tabs.publish(5);
  await tabs.verdict(t, tabs.pages);
});
