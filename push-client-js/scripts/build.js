// Builds what is published and served into dist/, by the flags that push-service's build uses too (esbuild.flags).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (tool, ...args) =>
  execFileSync(`${root}node_modules/.bin/${tool}`, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
const flags = readFileSync(`${root}esbuild.flags`, 'utf8').trim().split('\n');

rmSync(`${root}dist`, { recursive: true, force: true });
run('esbuild', 'src/client.ts', ...flags, '--format=esm', '--outfile=dist/client.js');
run('esbuild', 'src/client.ts', ...flags, '--format=iife', '--global-name=edgepush', '--outfile=dist/client.iife.js');
run('esbuild', 'src/client.share.ts', ...flags, '--format=esm', '--outfile=dist/client.share.js');
for (const name of ['react', 'eventsource']) {
  run(
    'esbuild',
    `src/${name}.ts`,
    '--format=esm',
    '--target=es2022',
    `--outfile=dist/${name}.js`,
    '--log-level=warning',
  );
}
// For the tests of single modules.
run('esbuild', 'src/*.ts', '--format=esm', '--outdir=dist/modules', '--log-level=warning');
run('tsc', '--project', 'tsconfig.json');

// npm packs it from here only.
copyFileSync(`${root}../LICENSE`, `${root}LICENSE`);

// Where the service has them, and what they must be: its own tests hold the README to it.
const scripts = ['client.js', 'client.iife.js', 'client.share.js'].map(name => ({
  name,
  bytes: readFileSync(`${root}dist/${name}`),
}));
const digest = (algorithm, ...parts) => parts.reduce((h, part) => h.update(part), createHash(algorithm));
const version = digest('sha256', ...scripts.map(({ bytes }) => bytes))
  .digest('hex')
  .slice(0, 12);
const rows = scripts.map(
  ({ name, bytes }) => `| \`/client/${version}/${name}\` | \`sha384-${digest('sha384', bytes).digest('base64')}\` |`,
);
const readme = readFileSync(`${root}README.md`, 'utf8');
const table = `<!-- integrity -->\n| address | \`integrity\` |\n|---|---|\n${rows.join('\n')}\n<!-- /integrity -->`;
const updated = readme.replace(/<!-- integrity -->.*<!-- \/integrity -->/s, table);
if (updated !== readme) {
  writeFileSync(`${root}README.md`, updated);
}
