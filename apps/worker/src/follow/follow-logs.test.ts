import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptIdSchema } from '@petit/model';
import { createLog } from '@petit/daemon';
import type { LogChunk } from '@petit/protocol';
import { waitFor } from '@petit/testkit';
import { FollowLogs } from './follow-logs.js';

const ATTEMPT = attemptIdSchema.parse('11111111-1111-8111-8111-111111111111.t.1');

test('P4 each follow begins with what was printed so far, also one that comes as another ends', async () => {
  const printed = Buffer.from('early\n');
  const chunks: LogChunk[] = [];
  const follow = new FollowLogs({
    runner: {
      readLog: async (_id, stream, { fromByte, maxBytes }) =>
        stream === 'stderr'
          ? { bytes: Buffer.alloc(0), sizeBytes: 0 }
          : { bytes: printed.subarray(fromByte, fromByte + maxBytes), sizeBytes: printed.length },
    },
    store: { publishLog: async (chunk) => void chunks.push(chunk) },
    isOnline: () => true,
    isGoing: () => true,
    log: createLog({ level: 'silent', name: 'test' }),
  });
  follow.set([ATTEMPT]);
  follow.set([ATTEMPT]);
  await waitFor(() => chunks.length === 1, { what: 'what it has printed' });
  follow.set([]);
  follow.set([ATTEMPT]);
  await waitFor(() => chunks.length === 2, { what: 'what it has printed, for the next one' });
  for (const { fromByte, bytes } of chunks) {
    assert.equal(fromByte, 0);
    assert.equal(Buffer.from(bytes, 'base64').toString(), 'early\n');
  }
  follow.close();
});
