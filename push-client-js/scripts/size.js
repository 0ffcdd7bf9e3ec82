// Fails when the client, minified and compressed, is larger than it may be.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 6 * 1024;

const contents = readFileSync(new URL('../dist/client.js', import.meta.url));
const size = gzipSync(contents, { level: 9 }).length;
console.log(`size: ${contents.length} bytes minified, ${size} with gzip, limit ${LIMIT}`);
process.exitCode = size > LIMIT ? 1 : 0;
