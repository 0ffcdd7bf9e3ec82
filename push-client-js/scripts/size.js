// Fails when a script, minified and compressed, is larger than it may be.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** What every page loads, and what `share: true` adds. */
const LIMITS = { 'client.js': 6 * 1024, 'client.share.js': 2.5 * 1024 };

for (const [name, limit] of Object.entries(LIMITS)) {
  const contents = readFileSync(new URL(`../dist/${name}`, import.meta.url));
  const size = gzipSync(contents, { level: 9 }).length;
  console.log(`size: ${name} ${contents.length} bytes minified, ${size} with gzip, limit ${limit}`);
  if (size > limit) {
    process.exitCode = 1;
  }
}
