import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CONVERSATION } from './petit-conversation.fixture.js';
import { DIFFERENCES } from './petit-differences.fixture.js';

const GUIDE = new URL('../../../../../docs/guide/coming-from-petit.md', import.meta.url);

test('each difference is one: petit answered something else there', () => {
  for (const { name, here } of DIFFERENCES) {
    const exchanges = CONVERSATION.filter((step) => step.kind === 'exchange').filter(
      (exchange) => exchange.name === name,
    );
    assert.ok(exchanges.length > 0, `${name}: nothing in the conversation is called so`);
    for (const { status, type, body } of exchanges)
      assert.notDeepEqual({ status, type, body }, here, name);
  }
});

test('each difference is told in the guide', () => {
  const page = readFileSync(GUIDE, 'utf8');
  for (const { name, told } of DIFFERENCES) assert.ok(page.includes(told), name);
});
