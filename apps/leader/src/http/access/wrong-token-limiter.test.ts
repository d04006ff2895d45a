import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WrongTokenLimiter } from './wrong-token-limiter.js';

test('an address is slowed down, then refused until its window ends; others are not', () => {
  let now = 1_000;
  const limiter = new WrongTokenLimiter({ now: () => now, maxWrong: 2, windowMs: 10_000 });
  assert.deepEqual(limiter.count('a'), { kind: 'wait', delayMs: 10, first: true });
  assert.deepEqual(limiter.count('a'), { kind: 'wait', delayMs: 20, first: false });
  assert.deepEqual(limiter.count('a'), { kind: 'limited', retryAfterSeconds: 10, first: true });
  now = 6_000;
  assert.deepEqual(limiter.count('a'), { kind: 'limited', retryAfterSeconds: 5, first: false });
  assert.deepEqual(limiter.count('b'), { kind: 'wait', delayMs: 50, first: true });
  now = 11_000;
  assert.deepEqual(limiter.count('a'), { kind: 'wait', delayMs: 10, first: true });
});

test('wrong tokens from ever new addresses wait longer and take bounded memory', () => {
  const limiter = new WrongTokenLimiter({ now: () => 0, maxWrong: 2, windowMs: 10_000 });
  const verdicts = Array.from({ length: 5_000 }, (_, index) => limiter.count(`address ${index}`));
  assert.deepEqual(verdicts.at(-1), { kind: 'wait', delayMs: 1_000, first: true });
  limiter.count('address 4999');
  assert.equal(limiter.count('address 4999').kind, 'limited', 'the newest are remembered');
  assert.deepEqual(limiter.count('address 0').first, true, 'the oldest are forgotten');
});
