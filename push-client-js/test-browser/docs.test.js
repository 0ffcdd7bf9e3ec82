import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { browserPath, FLAGS, startService } from './processes.js';

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

test('the page of the publisher API needs nobody else, shows all operations and publishes', async t => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 } });
  t.after(() => context.close());
  const own = `http://127.0.0.1:${service.privatePort}`;
  const elsewhere = [];
  await context.route(
    url => url.origin !== own && url.protocol !== 'data:',
    route => {
      elsewhere.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`${own}/docs`);
  await page.waitForSelector('.opblock');
  const contract = await (await fetch(`${own}/openapi.yaml`)).text();
  const operations = [...contract.matchAll(/operationId: (\w+)/g)].map(([, id]) => id);
  const shown = await page.$$eval('.opblock', blocks => blocks.map(block => block.id.split('-').at(-1)));
  assert.deepEqual(shown.toSorted(), operations.toSorted());

  const publish = page.locator('#operations-publish-publishEvents');
  await publish.locator('.opblock-summary-control').click();
  await publish.locator('.try-out__btn').click();
  await publish.locator('textarea').fill('{"topic":"docs","data":"from the page"}');
  await publish.locator('.execute').click();
  await publish.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  const history = await (await fetch(`${own}/v1/topics/docs/events`)).json();
  assert.deepEqual(
    history.events.map(event => event.data),
    ['from the page'],
  );
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(complaints, []);
});
