import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = path => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the package is found under its name', async () => {
  const { connect, PushError } = await import('edgepush-client');
  assert.equal(typeof connect, 'function');
  assert.ok(new PushError('a', 'b') instanceof Error);
});

test('the client needs no other package, and its modules lie in one directory', () => {
  assert.equal(JSON.parse(read('package.json')).dependencies, undefined);
  for (const file of readdirSync(new URL('../src', import.meta.url))) {
    for (const [, from] of read(`src/${file}`).matchAll(/^(?:import|export)\b.*? from '(.*)';$/gm)) {
      assert.match(from, /^\.\/[a-z]+\.js$/, `${file} imports ${from}`);
    }
  }
});

test('the lock file names no host', () => {
  const lock = JSON.parse(read('package-lock.json'));
  assert.ok(!read('package-lock.json').includes('://'));
  assert.ok(Object.keys(lock.packages).length > 10);
});
