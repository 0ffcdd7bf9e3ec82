import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanced, cursorText, earliest, parseCursor, parseId, reached } from '../dist/modules/cursor.js';

const text = (...args) => cursorText(...args);

test('an id is read and written as it is', () => {
  const id = parseId('0:k3Fz8Q:1763800000000-3');
  assert.equal(id.partition, '0');
  assert.equal(id.ms, 1763800000000);
  assert.equal(id.seq, 3);
  assert.equal(text(parseCursor('0:k3Fz8Q:1763800000000-3,7:p0:1-0')), '0:k3Fz8Q:1763800000000-3,7:p0:1-0');
});

for (const wrong of ['', '0', '0:a', '0:a:1', '0:a:1-', 'x:a:1-2', '0:a:1-2 ', '0:a:1-2,']) {
  test(`"${wrong}" is not an id`, () => {
    assert.throws(() => parseId(wrong), TypeError);
  });
}

test('an empty cursor says nothing', () => {
  assert.equal(parseCursor('').size, 0);
  assert.equal(text(parseCursor('')), '');
});

test('positions are compared as numbers, milliseconds before sequence', () => {
  const at = parseId('0:a:100-9');
  assert.ok(reached(parseId('0:a:100-9'), at));
  assert.ok(reached(parseId('0:a:99-10'), at));
  assert.ok(!reached(parseId('0:a:100-10'), at));
  assert.ok(!reached(parseId('0:a:1000-0'), at));
});

test('positions of another epoch or partition are never reached', () => {
  assert.ok(!reached(parseId('0:b:1-0'), parseId('0:a:100-0')));
  assert.ok(!reached(parseId('1:a:1-0'), parseId('0:a:100-0')));
  assert.ok(!reached(parseId('0:a:1-0'), undefined));
});

test('a cursor advances by partition and never goes back', () => {
  const cursor = parseCursor('0:a:5-0,1:a:5-0');
  assert.equal(text(advanced(cursor, parseCursor('0:a:6-0'))), '0:a:6-0,1:a:5-0');
  assert.equal(text(advanced(cursor, parseCursor('0:a:4-0'))), '0:a:5-0,1:a:5-0');
  assert.equal(text(advanced(cursor, parseCursor('2:a:1-0'))), '0:a:5-0,1:a:5-0,2:a:1-0');
});

test('an entry of another epoch replaces the old one, even with a smaller position', () => {
  assert.equal(text(advanced(parseCursor('0:a:5-0,1:a:5-0'), parseCursor('0:b:1-0'))), '0:b:1-0,1:a:5-0');
});

test('the earliest of two cursors is behind neither', () => {
  const one = parseCursor('0:a:5-0,1:a:9-0');
  const other = parseCursor('0:a:7-0,1:a:2-0,2:a:1-0');
  assert.equal(text(earliest(one, other)), '0:a:5-0,1:a:2-0,2:a:1-0');
  assert.equal(text(earliest(other, one)), '0:a:5-0,1:a:2-0,2:a:1-0');
});

test('of two epochs the one that was seen first is the earlier, also after it has advanced', () => {
  const old = parseCursor('0:z:500-0');
  const fresh = parseCursor('0:a:1-0');
  assert.equal(text(earliest(fresh, old)), '0:z:500-0');
  const advancedOld = advanced(old, parseCursor('0:z:600-0'));
  assert.equal(text(earliest(fresh, advancedOld)), '0:z:600-0');
  assert.equal(text(earliest(advancedOld, fresh)), '0:z:600-0');
});

test('cursors are not changed by what is made from them', () => {
  const cursor = parseCursor('0:a:5-0');
  advanced(cursor, parseCursor('0:a:6-0'));
  earliest(cursor, parseCursor('0:a:4-0'));
  assert.equal(text(cursor), '0:a:5-0');
});
