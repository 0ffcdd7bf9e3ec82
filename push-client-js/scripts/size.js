// Fails when the client, minified and compressed, is larger than it may be.
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const LIMIT = 6 * 1024;

const { outputFiles } = buildSync({
  entryPoints: [new URL('../src/client.js', import.meta.url).pathname],
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
});
const [{ contents }] = outputFiles;
const size = gzipSync(contents, { level: 9 }).length;
console.log(`size: ${contents.length} bytes minified, ${size} with gzip, limit ${LIMIT}`);
process.exitCode = size > LIMIT ? 1 : 0;
