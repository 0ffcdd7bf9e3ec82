import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { BROWSERS } from './browsers.js';
import { post, startService } from './processes.js';

// What the documentation shows is what works.

let browser;
let service;
/** Pages of another origin than the service's, by path. */
let pages;
let site;

before(async () => {
  browser = await BROWSERS.chromium();
  service = await startService();
  pages = new Map();
  const server = createServer(({ url }, answer) => answer.setHeader('Content-Type', 'text/html').end(pages.get(url)));
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  site = { url: `http://127.0.0.1:${server.address().port}`, end: () => server.close() };
});

after(async () => {
  await browser?.close();
  site?.end();
  await service?.process.end();
});

const read = path => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const block = (text, language, having) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))]
    .map(([, code]) => code)
    .find(code => code.includes(having));

/** Opens a page, publishes until it has written something to the console that names it, and answers that. */
async function says(t, html, topic, data) {
  const path = `/${pages.size}`;
  pages.set(path, `<!doctype html><title>test</title>${html}`);
  const page = await browser.newPage();
  t.after(() => page.close());
  const complaints = [];
  page.on('pageerror', error => complaints.push(error.message));
  const told = new Promise(resolve => {
    page.on('console', message => message.text().includes(data) && resolve(message.text()));
  });
  await page.evaluateOnNewDocument(() => {
    const { log } = console;
    console.log = value => log(typeof value === 'string' ? value : JSON.stringify(value));
  });
  await page.goto(site.url + path);
  // When the page is live only the page knows.
  const publishing = setInterval(() => post(service, { topic, data }), 200);
  t.after(() => clearInterval(publishing));
  const text = await told;
  clearInterval(publishing);
  assert.deepEqual(complaints, []);
  return text;
}

test('the page on the first screen of the README gets events, from another origin', async t => {
  const html = block(read('README.md'), 'html', 'connect(').replaceAll('http://localhost:8080', service.url);
  assert.equal(await says(t, html, 'orders.42', 'from the README'), 'from the README');
});

test("the README's EventSource gets events, with nothing of ours", async t => {
  const [, code] = /`(new EventSource\(.*?)`/.exec(read('README.md'));
  const script = `<script>${code.replaceAll('http://localhost:8080', service.url)}</script>`;
  assert.ok(await says(t, script, 'orders.42', 'to an EventSource'));
});

test('the classic script, pinned by its integrity, has the same client, sharing too', async t => {
  const row = /`(\/client\/\w+\/client\.iife\.js)` \| `(sha384-[^`]+)`/.exec(read('push-client-js/README.md'));
  const [, path, integrity] = row;
  const html = `<script src="${service.url}${path}" integrity="${integrity}" crossorigin></script>
<script>
  const push = edgepush.connect('${service.url}', { share: true });
  push.subscribe('orders.43', event => console.log(event.data + ' over ' + push.transport));
</script>`;
  assert.equal(await says(t, html, 'orders.43', 'to all tabs'), 'to all tabs over websocket');
});
