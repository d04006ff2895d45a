import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from './wait-for.js';

test('waitFor gives back the first truthy value', async () => {
  let looks = 0;
  const value = await waitFor(() => (++looks === 3 ? 'there' : undefined), { what: 'a value' });
  assert.equal(value, 'there');
  assert.equal(looks, 3);
});

test('waitFor names what it waited for and what it saw last', async () => {
  const options = { what: 'the run to end', timeoutMs: 5, intervalMs: 1 };
  await assert.rejects(
    waitFor(() => null, options),
    /waited 5 ms for the run to end; the last look was null/,
  );
  await assert.rejects(
    waitFor(() => Promise.reject(new Error('not there')), options),
    /the last look threw Error: not there/,
  );
});

test('waitFor looks at least once, however short the bound', async () => {
  assert.equal(await waitFor(() => 1, { what: 'one', timeoutMs: 0 }), 1);
});
