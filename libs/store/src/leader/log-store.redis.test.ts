import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptIdOf, runIdSchema, taskKeySchema } from '@petit/model';
import { openStore } from '../testing/store.fixture.js';
import { createWorkerStore } from '../worker/worker-store.js';
import { LogStore } from './log-store.js';

const RUN = runIdSchema.parse('0b8f1c1e-6f0a-8abc-9def-0123456789ab');
const FIRST = attemptIdOf(RUN, taskKeySchema.parse('a'), 1);
const SECOND = attemptIdOf(RUN, taskKeySchema.parse('b'), 2);
const NEVER = attemptIdOf(RUN, taskKeySchema.parse('c'), 1);

test('one stream of some attempts is read, in their order, without the others', async () => {
  await using store = await openStore();
  const worker = createWorkerStore(store.redis);
  const save = (
    attemptId: typeof FIRST,
    stream: 'stdout' | 'stderr',
    text: string,
  ): Promise<void> =>
    worker.saveLog({ attemptId, stream, sizeBytes: text.length + 5, bytes: Buffer.from(text) });
  await save(FIRST, 'stdout', 'out of a');
  await save(FIRST, 'stderr', 'err of a');
  await save(SECOND, 'stderr', 'err of b');
  const logs = new LogStore(store.redis);
  const read = await logs.readStream(RUN, [SECOND, NEVER, FIRST], 'stderr');
  assert.deepEqual(
    read.map(({ attemptId, bytes, sizeBytes }) => [attemptId, bytes.toString(), sizeBytes]),
    [
      [SECOND, 'err of b', 13],
      [FIRST, 'err of a', 13],
    ],
  );
  assert.deepEqual(await logs.readStream(RUN, [], 'stderr'), []);
});
