import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS } from './browsers.js';
import { startService } from './processes.js';
import { nodes, redis, Scene } from './scene.js';

const LONG = { skip: !process.env.EDGEPUSH_LONG && 'for ./test --long' };

// What differs between browsers is in life.test.js; networks break the same way for all.
const browsers = Object.entries(BROWSERS).filter(([name]) => name !== 'webkit' || process.env.EDGEPUSH_LONG);

for (const [name, launch] of browsers) {
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

    // A poll is silent for as long as it may wait.
    for (const transport of process.env.EDGEPUSH_LONG ? ['websocket', 'sse', 'long-poll'] : ['websocket', 'sse']) {
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

    test(
      'a proxy that breaks connections after 20 s of silence: polls are broken, and none is missed',
      LONG,
      async t => {
        const scene = await Scene.begin(t, browser, 'twenty', { idleMs: 20_000 });
        await scene.subscribe({ transports: ['long-poll'] });
        for (let i = 0; i < 2; i++) {
          await scene.publish(3);
          await scene.box.broken();
        }
        await scene.publish(3);
        await scene.verdict(t);
      },
    );

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
