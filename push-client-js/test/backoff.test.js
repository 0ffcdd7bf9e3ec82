import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../dist/modules/backoff.js';
import { pauseMs } from '../dist/modules/http.js';

const BOUNDS = [500, 30_000];

test('the wait is a random part of a bound that doubles with each attempt up to the greatest', t => {
  let part = 1;
  t.mock.method(Math, 'random', () => part);
  const bounds = [0, 1, 2, 3, 4, 5, 6, 7, 1000, 5000].map(attempt => backoff(attempt, BOUNDS));
  assert.deepEqual(bounds, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  part = 0.25;
  assert.equal(backoff(3, BOUNDS), 1000);
  part = 0;
  assert.equal(backoff(3, BOUNDS), 0);
});

const after = value => pauseMs(new Headers(value === undefined ? {} : { 'Retry-After': value }));

test('Retry-After is read in seconds', () => {
  assert.equal(after('120'), 120_000);
});

for (const value of [undefined, '', 'soon', '1.5 s', 'Thu, 01 Jan 1970 00:00:00 GMT']) {
  test(`Retry-After "${value}" says nothing`, () => {
    assert.equal(after(value), undefined);
  });
}
