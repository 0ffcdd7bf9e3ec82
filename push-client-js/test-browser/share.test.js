import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { browserPath, FLAGS, post, startService } from './processes.js';

let browser;
let service;

before(async () => {
  browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  service = await startService();
});

after(async () => {
  await service?.process.end();
  await browser?.close();
});

/** Three tabs of one origin that share a connection and note what they get. */
async function tabs(t, topic) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const pages = [];
  for (let i = 0; i < 3; i++) {
    const page = await context.newPage();
    await page.goto(`${service.url}/negotiate`);
    await page.evaluate(async name => {
      const { connect } = await import('/client.share.js');
      window.seen = { data: [], gaps: 0, live: 0 };
      const push = connect('/', { backoffMs: [50, 500] });
      window.push = push;
      push.on('gap', () => window.seen.gaps++);
      push.on('subscribed', () => window.seen.live++);
      push.subscribe(name, ({ data }) => window.seen.data.push(data));
    }, topic);
    await page.waitForFunction(() => window.seen.live > 0);
    pages.push(page);
  }
  return { context, pages };
}

/** What tells whether all came, once and in order. */
async function verdict(page, wanted) {
  await page.waitForFunction(count => window.seen.data.length >= count, wanted.length);
  const { data, gaps } = await page.evaluate(() => window.seen);
  assert.deepEqual(data, wanted);
  assert.equal(gaps, 0);
}

const connections = async () => {
  const metrics = await (await fetch(`http://127.0.0.1:${service.privatePort}/metrics`)).text();
  const lines = metrics.split('\n').filter(line => /^push_connections\{.*websocket/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};

for (const [how, end] of [
  ['closed', page => page.close()],
  ['crashed', page => page.goto('chrome://crash').catch(() => {})],
  [
    'frozen',
    async page => {
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    },
  ],
]) {
  test(`three tabs share one connection; when the leader is ${how} the others lose and double nothing`, async t => {
    const topic = `test/shared-${how}`;
    const { pages } = await tabs(t, topic);
    const [leader, ...others] = pages;
    const wanted = [];
    const publish = async count => {
      for (let i = 0; i < count; i++) {
        wanted.push(wanted.length);
        await post(service, { topic, data: wanted.length - 1 });
      }
    };
    await publish(10);
    await Promise.all(pages.map(page => verdict(page, wanted)));
    assert.equal(await connections(), 1, 'one connection for three tabs');
    await publish(5);
    const ended = end(leader);
    await publish(20);
    await ended;
    await publish(5);
    await Promise.all(others.map(page => verdict(page, wanted)));
    t.diagnostic(`${wanted.length} events, 0 lost, 0 twice, 0 out of order in each of the two tabs left`);
  });
}
