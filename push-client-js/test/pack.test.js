import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The package as npm would publish it, unpacked in a project of its own. */
function project(t) {
  const folder = mkdtempSync(`${tmpdir()}/edgepush-package-`);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
  });
  const [{ filename, files }] = JSON.parse(packed);
  mkdirSync(`${folder}/node_modules/edgepush-client`, { recursive: true });
  execFileSync('tar', [
    '-xzf',
    `${folder}/${filename}`,
    '-C',
    `${folder}/node_modules/edgepush-client`,
    '--strip-components=1',
  ]);
  mkdirSync(`${folder}/node_modules/@types`);
  for (const dependency of ['@types/react', 'csstype']) {
    symlinkSync(`${ROOT}node_modules/${dependency}`, `${folder}/node_modules/${dependency}`);
  }
  return { folder, files: files.map(({ path }) => path) };
}

test('the packed package is used from a project with strict TypeScript', t => {
  const { folder, files } = project(t);
  assert.ok(
    files.every(path => /^(?:dist\/[\w.]+\.(?:js|d\.ts)|README\.md|package\.json|LICENSE)$/.test(path)),
    files.join(),
  );
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: [],
    noEmit: true,
  };
  writeFileSync(`${folder}/package.json`, '{"type":"module"}');
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  writeFileSync(`${folder}/main.ts`, readFileSync(`${ROOT}test/types.test-d.ts`));
  writeFileSync(
    `${folder}/more.ts`,
    `import { PushProvider, useConnectionState, usePush } from 'edgepush-client/react';
import { connect } from 'edgepush-client';
const push = connect('/', { persist: true, share: true });
export const view = () => [PushProvider({ push }), useConnectionState().status, usePush('a', event => event.id)?.data];
`,
  );
  execFileSync(`${ROOT}node_modules/.bin/tsc`, ['--project', folder], { stdio: 'pipe', encoding: 'utf8' });
  const kind = execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', "import { connect } from 'edgepush-client'; console.log(typeof connect)"],
    { cwd: folder, encoding: 'utf8' },
  );
  assert.equal(kind.trim(), 'function');
  // What `share: true` loads.
  assert.ok(files.includes('dist/client.share.js'));
  assert.ok(files.includes('LICENSE'));
});
