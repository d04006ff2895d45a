import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeFrame, FrameReader } from './frame.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\0', '\n', ' ', '\u{10ffff}', 'x'.repeat(70_000)),
);

test('whatever the texts and wherever the stream is cut, the same messages come out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyText, { maxLength: 6 }), { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9_000 })),
      (messages, cuts) => {
        const stream = Buffer.concat(messages.map(encodeFrame));
        const reader = new FrameReader();
        const seen: (readonly string[])[] = [];
        for (let offset = 0; offset < stream.length;) {
          const length: number = cuts.next().value;
          seen.push(...reader.take(stream.subarray(offset, offset + length)));
          offset += length;
        }
        assert.deepEqual(seen, messages);
      },
    ),
    { numRuns: 200 },
  );
});
