import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeNameSchema } from '@petit/model';
import {
  generateSigningKey,
  importPublicKey,
  seal,
  sealEnvelope,
  type Envelope,
  type Signed,
} from '@petit/protocol';
import type { Delivery } from '@petit/queue';
import { envelopeOf } from '../test-envelope.fixture.js';
import { judgeDelivery, type Judge, type Verdict } from './judge-delivery.js';

const KEY = generateSigningKey();
const NOW = 1_000_000;
const GOOD = envelopeOf({ epoch: 5, expiresAt: NOW + 1 });

function deliveryOf(payload: unknown, change: Partial<Delivery> = {}): Delivery {
  return { id: `${GOOD.attemptId}-1`, payload, stalledMarker: false, ...change };
}

function judge(delivery: Delivery, change: Partial<Judge> = {}): Verdict {
  const clusterKey = importPublicKey(KEY.publicText);
  assert.ok(clusterKey);
  return judgeDelivery(delivery, {
    clusterKey,
    node: nodeNameSchema.parse('cube1'),
    redisNow: NOW,
    highestEpoch: 5,
    isKnown: () => false,
    ...change,
  });
}

function sealed(change: Partial<Envelope> = {}): Signed {
  return sealEnvelope(KEY, { ...GOOD, ...change });
}

test('a good envelope is accepted', () => {
  const signed = sealed();
  assert.deepEqual(judge(deliveryOf(signed)), { kind: 'accept', envelope: GOOD, signed });
});

const altered = sealed();
const REFUSED: readonly (readonly [string, Delivery, string])[] = [
  ['nothing', deliveryOf(undefined), 'malformed'],
  ['what somebody wrote by hand', deliveryOf({ command: 'rm', args: ['-rf', '/'] }), 'malformed'],
  ['a good envelope without its signature', deliveryOf({ body: altered.body }), 'malformed'],
  ['more than a signed thing has', deliveryOf({ ...altered, extra: 1 }), 'malformed'],
  [
    'an envelope with one byte changed',
    deliveryOf({ ...altered, body: altered.body.replace('"true"', '"trux"') }),
    'bad_signature',
  ],
  [
    'one signed by another key',
    deliveryOf(sealEnvelope(generateSigningKey(), GOOD)),
    'bad_signature',
  ],
  ['another thing that a leader signed', deliveryOf(seal(KEY, 'member', GOOD)), 'bad_signature'],
  ['signed text that is no envelope', deliveryOf(seal(KEY, 'envelope', { v: 2 })), 'malformed'],
  [
    'one for another node',
    deliveryOf(sealed({ node: nodeNameSchema.parse('cube2') })),
    'other_node',
  ],
  ['a copy under a name of its own', deliveryOf(sealed(), { id: 'by-hand' }), 'malformed'],
  ['one that the journal knows, changed', deliveryOf({ ...altered, body: '{}' }), 'bad_signature'],
];

for (const [title, delivery, why] of REFUSED) {
  test(`refused: ${title}`, () => {
    assert.deepEqual(judge(delivery, { isKnown: () => true }), { kind: 'refuse', why });
  });
}

const DECLINED: readonly (readonly [string, Partial<Envelope>, Partial<Delivery>, string])[] = [
  ['one that expires at this very moment', { expiresAt: NOW }, {}, 'expired'],
  ['one of an older epoch', { epoch: 4 }, {}, 'old_epoch'],
  ['one that BullMQ hands out once more', {}, { stalledMarker: true }, 'stalled_marker'],
];

for (const [title, change, delivery, why] of DECLINED) {
  test(`declined: ${title}`, () => {
    const verdict = judge(deliveryOf(sealed(change), delivery));
    assert.deepEqual(verdict, { kind: 'decline', envelope: { ...GOOD, ...change }, why });
  });
}

test('a delivery that the journal knows is known, expired, old or stalled as it may be', () => {
  const asked: string[] = [];
  const isKnown = (id: string): boolean => asked.push(id) > 0;
  const envelope = { ...GOOD, epoch: 1, expiresAt: 1 };
  const delivery = deliveryOf(sealed(envelope), { stalledMarker: true });
  assert.deepEqual(judge(delivery, { isKnown }), { kind: 'known', envelope });
  assert.deepEqual(asked, [delivery.id]);
});

test('a newer epoch is accepted', () => {
  assert.equal(judge(deliveryOf(sealed({ epoch: 6 }))).kind, 'accept');
});
