import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { attemptIdSchema, nodeNameSchema } from '@petit/model';
import type { LogChunk } from '@petit/protocol';
import { LogTails } from './log-tails.js';

const NODE = nodeNameSchema.parse('cube1');
const ATTEMPT = attemptIdSchema.parse('11111111-1111-8111-8111-111111111111.t.1');

function chunk(fromByte: number, bytes: Buffer | string): LogChunk {
  const text = Buffer.from(bytes).toString('base64');
  return { v: 1, attemptId: ATTEMPT, stream: 'stdout', fromByte, bytes: text };
}

function open(): {
  readonly tails: LogTails;
  readonly pass: (ms: number) => void;
  readonly wishes: string[];
} {
  let now = 0;
  const wishes: string[] = [];
  const controls = {
    follow: (): (() => void) => {
      wishes.push('begin');
      return () => wishes.push('end');
    },
  };
  const tails = new LogTails({ controls, monotonicNow: () => now });
  return { tails, wishes, pass: (ms) => void (now += ms) };
}

const textOf = (chunks: readonly LogChunk[]): string =>
  chunks.map(({ bytes }) => Buffer.from(bytes, 'base64').toString()).join('|');

test('who begins to follow later gets what came for the first', () => {
  const { tails, wishes } = open();
  const first = tails.follow(NODE, ATTEMPT);
  assert.deepEqual(first.before, []);
  tails.add(chunk(0, 'one '));
  tails.add(chunk(4, 'two'));
  const second = tails.follow(NODE, ATTEMPT);
  assert.deepEqual(second.before, [chunk(0, 'one two')]);
  first.end();
  first.end();
  second.end();
  assert.deepEqual(wishes, ['begin', 'begin', 'end', 'end']);
});

test('who is back before the worker has heard of the leave gets it too; later the worker sends it again', () => {
  const { tails, pass } = open();
  tails.follow(NODE, ATTEMPT).end();
  tails.add(chunk(0, 'still coming'));
  pass(5_000);
  const back = tails.follow(NODE, ATTEMPT);
  assert.equal(textOf(back.before), 'still coming');
  back.end();
  pass(21_000);
  assert.deepEqual(tails.follow(NODE, ATTEMPT).before, []);
});

test('what nobody follows is not kept', () => {
  const { tails } = open();
  tails.add(chunk(0, 'x'));
  assert.deepEqual(tails.follow(NODE, ATTEMPT).before, []);
});

test('pieces in order, repeated, or after a gap make the end of the stream, bounded, without a hole', () => {
  const stream = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ from: fc.nat(199_000), length: fc.integer({ min: 1, max: 64 * 1024 }) }),
        {
          maxLength: 12,
        },
      ),
      (pieces) => {
        const { tails } = open();
        tails.follow(NODE, ATTEMPT);
        for (const { from, length } of pieces)
          tails.add(chunk(from, stream.subarray(from, from + length)));
        for (const { fromByte, bytes } of tails.follow(NODE, ATTEMPT).before) {
          const kept = Buffer.from(bytes, 'base64');
          assert.ok(kept.length <= 64 * 1024);
          assert.ok(kept.equals(stream.subarray(fromByte, fromByte + kept.length)));
        }
      },
    ),
    { seed: 11, numRuns: 200 },
  );
});
