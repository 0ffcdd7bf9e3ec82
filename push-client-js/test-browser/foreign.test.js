import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { EventSource } from 'eventsource';
import { Middlebox } from './middlebox.js';
import { post, startService } from './processes.js';

// Clients that know nothing of us.

let service;

before(async () => {
  service = await startService();
});

after(() => service?.process.end());

test('the npm package eventsource resumes by the ids it was given', async t => {
  const box = await Middlebox.start(service.port);
  t.after(() => box.stop());
  const source = new EventSource(`${box.url}/subscribe?topic=foreign/eventsource`);
  t.after(() => source.close());
  const got = [];
  const wanted = [];
  let look = () => {};
  const until = condition =>
    new Promise(resolve => {
      look = () => condition() && resolve();
      look();
    });
  source.onmessage = ({ data }) => {
    got.push(JSON.parse(data).data);
    look();
  };
  await new Promise(resolve => source.addEventListener('subscribed', resolve, { once: true }));
  for (let i = 0; i < 30; i++) {
    if (i === 10 || i === 20) {
      await until(() => got.length === wanted.length);
      box.cut();
    }
    await post(service, { topic: 'foreign/eventsource', data: i });
    wanted.push(i);
  }
  await until(() => got.length >= wanted.length);
  assert.deepEqual(got, wanted);
  t.diagnostic(`${wanted.length} events: 0 lost, 0 twice, 0 out of order`);
});

/** Runs curl until enough has come, and answers what has. */
function curl(url, enough, ...options) {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn('curl', ['-sN', ...options, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.on('error', reject);
    child.on('close', () => resolve(output));
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text;
      if (enough(output)) {
        child.kill();
      }
    });
  });
}

test('curl reads a stream, and goes on behind the last id it saw', async t => {
  const url = `${service.url}/subscribe?topic=foreign/curl`;
  const accept = ['-H', 'Accept: text/event-stream'];
  const events = output => [...output.matchAll(/^data: (\{"id".*)$/gm)].map(([, data]) => JSON.parse(data));
  let ready;
  const live = new Promise(resolve => {
    ready = resolve;
  });
  const first = curl(
    url,
    output => {
      if (output.includes('event: subscribed')) {
        ready();
      }
      return events(output).length >= 3;
    },
    ...accept,
  );
  await live;
  for (let i = 0; i < 3; i++) {
    await post(service, { topic: 'foreign/curl', data: i });
  }
  const got = events(await first);
  for (let i = 3; i < 6; i++) {
    await post(service, { topic: 'foreign/curl', data: i });
  }
  const last = ['-H', `Last-Event-ID: ${got.at(-1).id}`];
  got.push(...events(await curl(url, output => events(output).length >= 3, ...accept, ...last)));
  assert.deepEqual(
    got.map(({ data }) => data),
    [0, 1, 2, 3, 4, 5],
  );
  const polled = JSON.parse(await curl(`${url}&cursor=${got[2].id}`, () => false));
  assert.deepEqual(
    polled.events.map(({ data }) => data),
    [3, 4, 5],
  );
  t.diagnostic('6 events: 0 lost, 0 twice, 0 out of order');
});
