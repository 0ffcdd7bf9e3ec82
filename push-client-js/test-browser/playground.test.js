import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { browserPath, FLAGS, post, startService } from './processes.js';

let browser;
let service;
let screenshots;

before(async () => {
  browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  service = await startService();
  screenshots = mkdtempSync(`${tmpdir()}/edgepush-playground-`);
});

after(async () => {
  await service?.process.end();
  await browser?.close();
});

async function open(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', error => page.complaints.push(error.message));
  await page.goto(`${service.url}/playground`);
  await page.waitForSelector('body[data-status="open"][data-transport="websocket"]');
  return page;
}

/** Data of the events that are listed, oldest first. */
const listed = page =>
  page.$$eval('#events .event span', spans => spans.map(span => JSON.parse(span.textContent)).reverse());

for (const [name, options] of [
  ['desk', {}],
  ['desk-dark', { colorScheme: 'dark' }],
  ['phone', { viewport: { width: 390, height: 844 } }],
  ['phone-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
]) {
  test(`it connects, subscribes, publishes and shows the frames (${name})`, async t => {
    const page = await open(t, options);
    const topic = `play/${name}`;
    await page.fill('#subscribe [name="topics"]', `${topic} play/other`);
    await page.click('#subscribe button[type="submit"]');
    await page.fill('#publish [name="topic"]', topic);
    await page.fill('#publish [name="data"]', '{"text":"grüezi"}');
    await page.click('#publish button[type="submit"]');
    await page.waitForSelector('#published.done');
    await page.waitForSelector('#events .event >> text=grüezi');
    await page.waitForSelector('#frames .out >> text=/"subscribe"/');
    await page.waitForSelector('#frames .in >> text=grüezi');
    await page.waitForFunction(name => document.getElementById('code').textContent.includes(name), topic);
    const width = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(width, 0, 'nothing is wider than the screen');
    // What sticks to the top does so in the picture too.
    await page.evaluate(() => scrollTo(0, 0));
    assert.ok(await page.isVisible('nav a[href="/client.js"]'), 'the way to the other pages is there');
    await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
    t.diagnostic(`${screenshots}/${name}.png`);
    await page.click(`#topics button[aria-label="Unsubscribe ${topic}"]`);
    await page.waitForSelector('#frames .out >> text=/"unsubscribe"/');
    assert.deepEqual(page.complaints, []);
  });
}

test('cut, blocked and switched, it loses and doubles nothing', async t => {
  const page = await open(t);
  const wanted = [];
  const publish = async () => {
    wanted.push({ number: wanted.length });
    await post(service, { topic: 'play/broken', data: wanted.at(-1) });
  };
  await page.fill('#subscribe [name="topics"]', 'play/broken');
  await page.click('#subscribe button[type="submit"]');
  await page.waitForSelector('#events .state >> text="play/broken"');
  await publish();
  await page.click('#cut');
  await publish();
  await page.check('#blocks [value="websocket"]');
  await publish();
  await page.waitForSelector('body[data-transport="sse"]');
  await page.check('#blocks [value="sse"]');
  await publish();
  await page.waitForSelector('body[data-transport="long-poll"]');
  await page.uncheck('#blocks [value="websocket"]');
  await publish();
  await page.waitForSelector('body[data-transport="websocket"]');
  await page.check('#connect [value="sse"]');
  await page.uncheck('#blocks [value="sse"]');
  await page.click('#connect button[type="submit"]');
  await publish();
  await page.waitForSelector('body[data-transport="sse"]');
  await publish();
  await page.waitForFunction(count => document.querySelectorAll('#events .event').length >= count, wanted.length);
  assert.deepEqual(await listed(page), wanted);
  assert.equal(await page.textContent('#gaps'), '0');
});

test('a gap is shown, with what it spans', async t => {
  const page = await open(t);
  await page.fill('#subscribe [name="topics"]', 'play/gap');
  await page.click('#subscribe button[type="submit"]');
  await page.waitForSelector('#events .state >> text="play/gap"');
  await post(service, { topic: 'play/gap', data: { number: 1 } });
  await page.waitForSelector('#events .event >> text={"number":1}');
  for (const transport of ['websocket', 'sse', 'long-poll']) {
    await page.check(`#blocks [value="${transport}"]`);
  }
  await page.waitForSelector('body[data-status="waiting"]');
  assert.match(await page.textContent('#state'), /^next try in \d+\.\d s: /);
  await post(service, { topic: 'play/gap', data: { number: 2 } });
  const history = `http://127.0.0.1:${service.privatePort}/v1/topics/play%2Fgap/events`;
  assert.ok((await fetch(history, { method: 'DELETE' })).ok);
  for (const transport of ['websocket', 'sse', 'long-poll']) {
    await page.uncheck(`#blocks [value="${transport}"]`);
  }
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.waitForSelector('#events .gap');
  assert.match(await page.textContent('#events .gap'), /gap play\/gap\s*retention: after 0:\w+:\S+ up to 0:\w+:\S+/);
  assert.equal(await page.textContent('#gaps'), '1');
});

test('it is used by keyboard alone', async t => {
  const page = await open(t);
  await page.focus('#connect [name="token"]');
  const reached = [];
  for (let i = 0; i < 16; i++) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim()));
  }
  for (const name of ['Connect', 'close', 'cut', 'cut-while', 'Subscribe', 'Publish']) {
    assert.ok(reached.includes(name), `${name} in ${reached}`);
  }
});
