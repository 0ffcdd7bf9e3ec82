import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = path => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the package is found under its name', async () => {
  const { connect, PushError } = await import('edgepush-client');
  assert.equal(typeof connect, 'function');
  assert.ok(new PushError('a') instanceof Error);
});

test('the client needs no other package, and is one file', () => {
  assert.equal(JSON.parse(read('package.json')).dependencies, undefined);
  assert.doesNotMatch(read('dist/client.js'), /(?:^|[;}])import[{"' ]/);
});

test('the classic script has a global with the same surface', () => {
  const { connect, PushError } = new Function(`${read('dist/client.iife.js')}; return edgepush;`)();
  assert.equal(typeof connect, 'function');
  assert.equal(new PushError('a').code, 'a');
});

test('npm and Maven bundle with the same version of esbuild', () => {
  const { version } = JSON.parse(read('node_modules/esbuild/package.json'));
  assert.equal(JSON.parse(read('package.json')).devDependencies.esbuild, version);
  assert.ok(read('../push-service/pom.xml').includes(`<esbuild.version>${version}</esbuild.version>`));
});

test('the lock file names no host', () => {
  const lock = JSON.parse(read('package-lock.json'));
  assert.ok(!read('package-lock.json').includes('://'));
  assert.ok(Object.keys(lock.packages).length > 10);
});
