import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { describeViolation, seededRandom, takeOver, type Departure } from '@petit/testkit';
import { ROOT } from './root.fixture.js';

// Once each here; twenty times each by `npm run prove -- takeover`, whose figures are docs/evidence/takeover.md.

const SEED = process.env['PETIT_SEED'] ?? String(Math.floor(Date.now() / 86_400_000));
/** From the death of a leader whose standby has registered to the first act of the other: what we promise. */
const WITHIN_MS = 10_000;

async function takeOverInTime(t: TestContext, departure: Departure): Promise<number> {
  t.diagnostic(`seed ${SEED}`);
  const result = await takeOver(ROOT, departure, seededRandom(`${departure} ${SEED}`));
  t.diagnostic(`took over after ${Math.round(result.tookMs)} ms`);
  assert.deepEqual(result.violations.map(describeViolation), [], result.logs);
  assert.equal(result.acceptedWrites, 0, result.logs);
  assert.ok(result.tookMs <= WITHIN_MS, `it took ${Math.round(result.tookMs)} ms`);
  return result.refusedWrites;
}

test('a standby takes over within 10 s of kill -9, and the run goes on where it was', async (t) => {
  assert.equal(await takeOverInTime(t, 'killed'), 0);
});

test('P5: a leader stopped just before it wrote, and continued, is refused and accepted nowhere', async (t) => {
  assert.ok((await takeOverInTime(t, 'stopped')) > 0);
});
