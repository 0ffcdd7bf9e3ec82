import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Middlebox } from './middlebox.js';
import { browserPath, FLAGS, post, startMetrics, startService } from './processes.js';

const PANELS = ['websocket', 'sse', 'long-poll'];

let browser;
let service;
let metrics;
let screenshots;

before(async () => {
  browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  service = await startService();
  metrics = await startMetrics(service.privatePort);
  screenshots = mkdtempSync(`${tmpdir()}/edgepush-`);
});

after(async () => {
  await metrics?.end();
  await service?.process.end();
  await browser?.close();
});

/** The demonstration page, and what it complains about. */
async function open(t, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', error => page.complaints.push(error.message));
  page.on('console', message => message.type() === 'error' && page.complaints.push(message.text()));
  await page.goto(url);
  return page;
}

/** A middlebox before the service that ends with the test. */
async function middlebox(t, settings = {}) {
  const between = Object.assign(await Middlebox.start(service.port), settings);
  t.after(() => between.stop());
  return between;
}

/** Waits until all panels are open over these transports. */
async function openOver(page, ...transports) {
  for (const [i, panel] of PANELS.entries()) {
    await page.waitForSelector(`#${panel}[data-status="open"][data-transport="${transports[i]}"]`);
  }
}

const counts = page =>
  page.$$eval('.panel [data-part="count"]', elements => elements.map(element => Number(element.textContent)));

/** Waits until in every panel each of the three lines has become another one, and more events have come. */
async function moves(page) {
  const lines = () =>
    [...document.querySelectorAll('.panel')].map(p => [...p.querySelectorAll('.line')].map(l => l.getAttribute('d')));
  await page.waitForFunction(() => [...document.querySelectorAll('.line')].every(line => line.getAttribute('d')));
  const was = await page.evaluate(lines);
  const had = await counts(page);
  await page.waitForFunction(
    ([wasLines, hadCounts]) =>
      [...document.querySelectorAll('.panel')].every(
        (panel, i) =>
          [...panel.querySelectorAll('.line')].every((line, j) => line.getAttribute('d') !== wasLines[i][j]) &&
          Number(panel.querySelector('[data-part="count"]').textContent) >= hadCounts[i] + 3,
      ),
    [was, had],
  );
}

for (const [name, options] of [
  ['desk', {}],
  ['desk-dark', { colorScheme: 'dark' }],
  ['phone', { viewport: { width: 390, height: 844 } }],
]) {
  test(`all three panels show this machine, live (${name})`, async t => {
    const page = await open(t, service.url, options);
    await openOver(page, ...PANELS);
    await moves(page);
    assert.ok(await page.isHidden('#hint'));
    assert.deepEqual(await page.$$eval('[data-part="gaps"]', all => all.map(e => e.textContent)), ['0', '0', '0']);
    assert.deepEqual(await page.$$eval('[data-part="fell-back"]', all => all.map(e => e.hidden)), [true, true, true]);
    const width = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(width, 0, 'nothing is wider than the screen');
    // What sticks to the top does so in the picture too.
    await page.evaluate(() => scrollTo(0, 0));
    assert.ok(await page.isVisible('nav a[href="/client.js"]'), 'the way to the other pages is there');
    await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
    t.diagnostic(`${screenshots}/${name}.png`);
    assert.deepEqual(page.complaints, []);
  });
}

test('a minute of the past is there when the page opens', async t => {
  const page = await open(t, service.url);
  await openOver(page, ...PANELS);
  await moves(page);
  const before = await counts(page);
  await page.reload();
  await openOver(page, ...PANELS);
  await page.waitForFunction(
    least => [...document.querySelectorAll('[data-part="count"]')].every(e => Number(e.textContent) >= least),
    Math.min(...before, 180),
  );
});

test('the form publishes, by keyboard alone, and all panels get it', async t => {
  const page = await open(t, service.url);
  await openOver(page, ...PANELS);
  await page.fill('input[name="topic"]', 'demo/keyboard');
  await page.focus('input[name="topic"]');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('{"text":"grüezi"}');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#published.done');
  assert.match(await page.textContent('#published'), /^Published as \d+:\w+:\d+-\d+$/);
  for (const panel of PANELS) {
    await page.waitForSelector(`#${panel} .events >> text=grüezi`);
  }
  await page.fill('textarea[name="data"]', 'no json');
  await page.click('button[type="submit"]');
  await page.waitForSelector('#published.error');
  assert.match(await page.textContent('#published'), /not JSON/);
});

test('where WebSocket is blocked it falls back to SSE, and events go on', async t => {
  const between = await middlebox(t, { refuseUpgrades: true });
  const page = await open(t, between.url);
  await openOver(page, 'sse', 'sse', 'long-poll');
  await moves(page);
  assert.match(await page.textContent('#websocket [data-part="fell-back"]'), /WebSocket .* fell back to SSE/);
  await page.click('button[type="submit"]');
  await page.waitForSelector('#published.error');
  assert.match(await page.textContent('#published'), /needs an open WebSocket/);
  await page.screenshot({ path: `${screenshots}/fallen-back.png`, fullPage: true });
});

test('where SSE is blocked too it falls back to long-poll, and events go on', async t => {
  const between = await middlebox(t, { refuseUpgrades: true, refuseStreams: true });
  const page = await open(t, between.url);
  await openOver(page, 'long-poll', 'long-poll', 'long-poll');
  await moves(page);
  assert.match(await page.textContent('#sse [data-part="fell-back"]'), /SSE .* fell back to long-poll/);
});

test('a network that breaks amid events costs none of them, over any transport', async t => {
  const between = await middlebox(t);
  const page = await open(t, between.url);
  await page.evaluate(async transports => {
    const { connect } = await import('/client.js');
    window.seen = {};
    for (const transport of transports) {
      const push = connect('/', { transports: [transport], backoffMs: [50, 500] });
      window.seen[transport] = { data: [], gaps: 0 };
      push.on('gap', () => window.seen[transport].gaps++);
      const subscribed = new Promise(resolve => push.on('subscribed', resolve));
      push.subscribe('test/broken', event => window.seen[transport].data.push(event.data));
      await subscribed;
    }
  }, PANELS);
  const wanted = [];
  for (let i = 0; i < 60; i++) {
    if (i % 20 === 10) {
      between.cut();
    }
    await post(service, { topic: 'test/broken', data: i });
    wanted.push(i);
  }
  await page.waitForFunction(
    count => Object.values(window.seen).every(({ data }) => data.length >= count),
    wanted.length,
  );
  const seen = await page.evaluate(() => window.seen);
  for (const transport of PANELS) {
    assert.deepEqual(seen[transport], { data: wanted, gaps: 0 }, transport);
  }
});

test('without metrics the page says how to get them', async t => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  // Another name for all topics of the metrics, which nobody publishes.
  await page.route('**/demo.js', async route => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('demo/host/', 'demo/nobody/') });
  });
  await page.goto(service.url);
  await page.waitForSelector('#hint:not([hidden])');
  assert.match(await page.textContent('#hint'), /\.\/run --demo/);
});
