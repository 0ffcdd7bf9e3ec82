import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sseParser } from '../dist/modules/sse.js';

const parse = (...chunks) => {
  const blocks = [];
  const push = sseParser(block => blocks.push(block));
  for (const chunk of chunks) {
    push(chunk);
  }
  return blocks;
};

const EXAMPLE = `retry: 2000
id: 0:k3Fz8Q:1763800000000-3
event: welcome
data: {"type":"welcome"}

id: 0:k3Fz8Q:1763800000004-0
data: {"id":"0:k3Fz8Q:1763800000004-0"}

: heartbeat
id: 0:k3Fz8Q:1763800000009-0

`;

const BLOCKS = [
  { event: 'welcome', data: '{"type":"welcome"}', id: '0:k3Fz8Q:1763800000000-3' },
  { event: 'message', data: '{"id":"0:k3Fz8Q:1763800000004-0"}', id: '0:k3Fz8Q:1763800000004-0' },
  { event: 'message', data: undefined, id: '0:k3Fz8Q:1763800000009-0' },
];

for (const [name, ending] of [
  ['line feeds', '\n'],
  ['both', '\r\n'],
]) {
  const stream = EXAMPLE.replaceAll('\n', ending);

  test(`a stream with ${name} is read in one piece`, () => {
    assert.deepEqual(parse(stream), BLOCKS);
  });

  test(`a stream with ${name} is read the same wherever it is cut`, () => {
    for (let at = 0; at <= stream.length; at++) {
      assert.deepEqual(parse(stream.slice(0, at), stream.slice(at)), BLOCKS, `cut at ${at}`);
    }
    assert.deepEqual(parse(...stream), BLOCKS);
  });
}

test('an empty chunk within a CRLF changes nothing', () => {
  assert.deepEqual(
    parse('data: a\r', '', '\n\r', '', '\ndata: b\n\n').map(b => b.data),
    ['a', 'b'],
  );
});

test('several data lines are one, and one space after the colon is no part of the value', () => {
  assert.deepEqual(parse('data:a\ndata:  b\ndata\n\n'), [{ event: 'message', data: 'a\n b\n', id: undefined }]);
});

test('empty data is data', () => {
  assert.deepEqual(parse('data\n\n'), [{ event: 'message', data: '', id: undefined }]);
});

test('what has neither data nor id is not told, and its event name is forgotten', () => {
  assert.deepEqual(parse(': comment\n\nevent: gap\n\ndata: x\n\n'), [{ event: 'message', data: 'x', id: undefined }]);
});

test('unknown fields are passed over', () => {
  assert.deepEqual(parse('foo: bar\ndata: x\n\n'), [{ event: 'message', data: 'x', id: undefined }]);
});

test('a block that is not ended is not told', () => {
  assert.deepEqual(parse('data: x\n'), []);
});

test('an event without end does not fill the memory', () => {
  assert.throws(() => parse(...Array(200).fill(`data: ${'x'.repeat(10_000)}\n`)), RangeError);
  assert.throws(() => parse(...Array(200).fill('x'.repeat(10_000))), RangeError);
});

test('a stream of any length is fine as long as its events are', () => {
  assert.equal(parse(...Array(200).fill(`data: ${'x'.repeat(10_000)}\n\n`)).length, 200);
});
