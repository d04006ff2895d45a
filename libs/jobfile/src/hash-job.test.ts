import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson, hashJob, parseJobFile } from './index.js';

function hashOf(text: string): string {
  const result = parseJobFile(text, { path: 'x' });
  assert.ok(result.ok);
  return hashJob(result.job);
}

test('canonical JSON has its keys in order and no blanks, and reads back as the same value', () => {
  assert.equal(
    canonicalJson({ b: [1, { d: null, c: 'é"' }], a: true, '\u20ac': 1, '1': 0.5 }),
    '{"1":0.5,"a":true,"b":[1,{"c":"é\\"","d":null}],"€":1}',
  );
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      // JSON has no minus zero.
      const plain: unknown = JSON.parse(JSON.stringify(value));
      const canonical = canonicalJson(JSON.parse(JSON.stringify(value)));
      assert.deepEqual(JSON.parse(canonical), plain);
    }),
    { seed: 7 },
  );
});

test('the order in which keys were written does not change the text', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (map) => {
      const turned = Object.fromEntries(Object.entries(map).reverse());
      assert.equal(canonicalJson(turned), canonicalJson(map));
    }),
    { seed: 11 },
  );
});

test('what has no JSON text is an error, not null', () => {
  assert.throws(() => canonicalJson(Number.NaN), TypeError);
});

test('two spellings of one job have one address, and any change another', () => {
  const one = hashOf('id: a\nname: A\ntasks: [{id: t, type: command, command: x, timeout: 60s}]');
  const same = hashOf(
    '# hi\ntasks:\n- timeout_secs: 60\n  command: "x"\n  type: command\n  id: t\nname: A\nid: a\nx-y: 1\n',
  );
  const other = hashOf('id: a\nname: A\ntasks: [{id: t, type: command, command: x, timeout: 61s}]');
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal(same, one);
  assert.notEqual(other, one);
});
