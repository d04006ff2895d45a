import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogChunk, LogEvent } from '@petit/protocol';
import { waitFor } from '@petit/testkit';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { viewOfRun, viewOfTasks } from '../views/run-views.js';
import { followLogs } from './follow-logs.js';
import type { RunId } from '@petit/model';

test('P4 who follows in the middle of a task gets all of it, as does who has followed before, each byte once', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.start();
  await fixture.untilTask(id, 'only', { state: 'running' });
  const publish = (fromByte: number, text: string): Promise<void> =>
    worker.store.publishLog({
      v: 1,
      attemptId: envelope.attemptId,
      stream: 'stdout',
      fromByte,
      bytes: Buffer.from(text).toString('base64'),
    });

  const first = follow(fixture, id);
  // As a worker does when the first one begins: what was printed before, then what comes.
  // It may come before the follower listens, so it is said until it was heard.
  await waitFor(
    async () => {
      await publish(0, 'printed before\n');
      return first.text() === 'printed before\n';
    },
    { what: 'what was printed before to be shown' },
  );
  await publish(15, 'then\n');
  const second = follow(fixture, id);
  await second.has('printed before\nthen\n');
  await publish(15, 'then\nmore\n');
  await second.has('printed before\nthen\nmore\n');
  await worker.store.saveLog({
    attemptId: envelope.attemptId,
    stream: 'stdout',
    sizeBytes: 30,
    bytes: Buffer.from('printed before\nthen\nmore\nlast\n'),
  });
  await worker.reportEnd(envelope, { kind: 'exited', code: 0 });
  for (const follower of [first, second]) {
    await follower.ended;
    assert.equal(follower.text(), 'printed before\nthen\nmore\nlast\n');
  }
});

interface Follower {
  text(): string;
  has(text: string): Promise<void>;
  readonly ended: Promise<void>;
}

function follow(fixture: TermFixture, id: RunId): Follower {
  const { term } = fixture;
  const parts: Buffer[] = [];
  const text = (): string => Buffer.concat(parts).toString();
  const ended = followLogs({
    id,
    key: null,
    listener: async (event: LogEvent) => {
      if (event.kind === 'chunk') parts.push(Buffer.from(event.bytes, 'base64'));
    },
    signal: new AbortController().signal,
    term,
    stored: async () => ({
      logs: (await term.context.stores.logs.read(id)).map(({ stream, sizeBytes, bytes }) => ({
        key: 'only',
        attempt: 1,
        stream,
        sizeBytes,
        fromByte: sizeBytes - bytes.length,
        bytes: bytes.toString('base64'),
      })),
    }),
    detail: async () => {
      const stored = await term.context.stores.runs.read(id);
      if (stored === null) throw new Error(`run ${id} is gone`);
      const { graph } = fixture.definition;
      return { run: viewOfRun(stored.header), tasks: viewOfTasks(graph, stored.tasks) };
    },
    onChunk: (listener: (chunk: LogChunk) => void) => fixture.onLogChunk(listener),
    onEvent: (listener) => fixture.onEvent(listener),
  });
  return {
    text,
    ended,
    has: async (wanted) => {
      await waitFor(() => text() === wanted, { what: `${JSON.stringify(wanted)} to be shown` });
    },
  };
}
