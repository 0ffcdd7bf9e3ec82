import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './browsers.js';
import { freePort, startService } from './processes.js';
import { nodes, redis, Scene } from './scene.js';

// What a page goes through: reloads, going back, being hidden and frozen, tokens that end; and every state of the connection.

/** How long a page is away, while events come; some browsers throttle and freeze what is away for long. */
const AWAY_MS = process.env.EDGEPUSH_LONG ? 60_000 : 1000;
const SECRET = 'a secret of the test, for HS256 long enough';

let folder;
/** A node that knows tokens. */
let gate;

before(async () => {
  folder = mkdtempSync(`${tmpdir()}/edgepush-life-`);
  const keys = {
    'token-keys': [{ name: 'test', algorithms: ['HS256'], secret: SECRET }],
    'publisher-keys': [{ name: 'nobody', sha256: '0'.repeat(64) }],
  };
  writeFileSync(`${folder}/edgepush.yaml`, JSON.stringify(keys));
  const options = ['--redis', redis.url, '--heartbeat', '2s', '--token-leeway', '0s', '--mode', 'production'];
  gate = await startService(...options, '--config', `${folder}/edgepush.yaml`);
});

after(async () => {
  await gate?.process.end();
  rmSync(folder, { recursive: true, force: true });
});

/** A JSON Web Token that ends so many seconds from now, at the most. */
function token(seconds) {
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const content = `${part({ alg: 'HS256' })}.${part({ sub: 'bob', exp, subscribe: ['**'] })}`;
  return `${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`;
}

for (const [name, launch] of Object.entries(BROWSERS)) {
  describe(name, () => {
    let browser;

    before(async () => {
      browser = await launch();
    });

    after(() => browser?.close());

    test('every state is told: connecting, open, waiting until a time, open again, closed', async t => {
      const scene = await Scene.begin(t, browser, 'states');
      await scene.page.evaluate(async topic => {
        const { connect } = await import('/client.js');
        const push = connect('/', { backoffMs: [200, 1000], transports: ['websocket'] });
        window.push = push;
        window.seen = { data: [], gaps: 0, states: [{ ...push.state }] };
        push.on('error', () => {});
        push.on('state', state => window.seen.states.push({ ...state, now: Date.now() }));
        push.subscribe(topic, ({ data }) => window.seen.data.push(data));
      }, scene.topic);
      await scene.wait(() => window.push.state.status === 'open');
      await scene.publish(3);
      await scene.wait(() => window.seen.data.length === 3);
      scene.box.target = await freePort();
      scene.box.cut();
      await scene.wait(() => window.push.state.status === 'waiting');
      await scene.publish(3);
      scene.box.target = nodes[0].port;
      await scene.wait(() => window.push.state.status === 'open');
      await scene.verdict(t);
      await scene.page.evaluate(() => window.push.close());
      const states = await scene.page.evaluate(() => window.seen.states);
      const waiting = states.find(({ status }) => status === 'waiting');
      assert.deepEqual([...new Set(states.map(({ status }) => status))], ['connecting', 'open', 'waiting', 'closed']);
      assert.ok(waiting.retryAt >= waiting.now - 1, `${waiting.retryAt} is not after ${waiting.now}`);
      assert.deepEqual(states.filter(({ status }) => status === 'open').at(-1).transport, 'websocket');
      assert.equal(states.at(-1).reason, 'closed');
      assert.equal(states.at(-1).willRetry, false);
    });

    for (const transport of ['websocket', 'sse', 'long-poll']) {
      test(`a token that ends amid events is replaced: ${transport}`, async t => {
        const scene = await Scene.begin(t, browser, 'token');
        scene.box.target = gate.port;
        // The first one is all there is until it has ended: the service closes, the client asks for another one and resumes.
        const tokens = [token(2), token(600)];
        await scene.subscribe({ transports: [transport], tokens });
        // Until the first one has ended, and then a while.
        await scene.publishFor(3000, 30);
        await scene.wait(() => window.seen.tokens > 1 && window.push.state.status === 'open');
        await scene.publish(3);
        const { errors, transports } = await scene.verdict(t);
        assert.deepEqual([errors, transports], [[], [transport, transport]]);
      });
    }

    test('a token that ends soon is replaced while the connection goes on', async t => {
      const scene = await Scene.begin(t, browser, 'fresh');
      scene.box.target = gate.port;
      await scene.subscribe({ tokens: [token(8), token(600)], early: true });
      await scene.publish(3);
      await scene.wait(() => window.seen.tokens > 1);
      await scene.publish(3);
      const { errors, transports } = await scene.verdict(t);
      assert.deepEqual([errors, transports], [[], ['websocket']]);
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

    // After going back WebKitGTK's driver runs no script any more.
    const backs = { skip: name === 'webkit' && 'its driver does not find the page again' };
    test('a page that is left and come back to goes on, kept by the browser or loaded anew', backs, async t => {
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
  });
}

describe('chromium only', () => {
  let browser;

  before(async () => {
    browser = await BROWSERS.chromium();
  });

  after(() => browser?.close());

  test('offline and online again', async t => {
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

  for (const transport of ['websocket', 'sse', 'long-poll']) {
    test(`a page that is hidden and frozen while events come goes on where it was: ${transport}`, async t => {
      const scene = await Scene.begin(t, browser, 'frozen');
      await scene.subscribe({ transports: [transport] });
      await scene.publish(5);
      await scene.verdict(t);
      const before = await browser.newPage();
      t.after(() => before.close());
      await before.bringToFront();
      await scene.wait(() => document.visibilityState === 'hidden');
      await scene.publish(5);
      const session = await scene.page.createCDPSession();
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await scene.publishFor(AWAY_MS, 20);
      scene.box.cut();
      await scene.publish(5);
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await scene.page.bringToFront();
      await scene.publish(5);
      await scene.verdict(t);
    });
  }
});
