import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { serve } from './support/start.js';

const CLIENT = new URL('../dist/client.js', import.meta.url).href;
const DENO = 'deno@2.9.6';

/** Prints over which transport the first event comes. */
const SCRIPT = `
import { connect } from '${CLIENT}';
const push = connect(URL_OF_SERVICE, { token: 'good' });
push.subscribe('a', ({ data }) => {
  console.log(data, 'over', push.transport);
  push.close();
});
`;

/** Runs the script until it ends by itself, and answers what it printed. */
async function run(t, command, ...args) {
  const server = await serve(t);
  const folder = mkdtempSync(`${tmpdir()}/edgepush-runtime-`);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const script = `${folder}/script.mjs`;
  writeFileSync(script, SCRIPT.replace('URL_OF_SERVICE', JSON.stringify(server.url)));
  const child = spawn(command, [...args, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text;
  });
  const ended = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  await server.until(() => [...server.sessions].some(({ live }) => live.has('a')));
  server.publish('a', 'it came');
  assert.equal(await ended, 0);
  return printed.trim();
}

test("Node.js: by the platform's own WebSocket, and the process ends after close", async t => {
  // Built in since version 22, behind a flag before.
  const flags = globalThis.WebSocket ? [] : ['--experimental-websocket'];
  assert.equal(await run(t, process.execPath, ...flags), 'it came over websocket');
});

test('Node.js without WebSocket: by SSE', { skip: globalThis.WebSocket && 'this one has it' }, async t => {
  assert.equal(await run(t, process.execPath), 'it came over sse');
});

test('Deno, by the same file', { skip: !process.env.EDGEPUSH_LONG && 'for ./test --long' }, async t => {
  const folder = mkdtempSync(`${tmpdir()}/edgepush-deno-`);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', DENO]);
  const deno = `${folder}/node_modules/.bin/deno`;
  assert.equal(await run(t, deno, 'run', '--allow-net', '--allow-read'), 'it came over websocket');
});
