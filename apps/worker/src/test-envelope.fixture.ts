import {
  attemptIdOf,
  jobIdSchema,
  nodeNameSchema,
  runIdSchema,
  taskKeySchema,
  type AttemptEnd,
  type RunId,
} from '@petit/model';
import type { Envelope } from '@petit/protocol';

/** A run id that is told by its number. */
export function runIdOf(number: number): RunId {
  return runIdSchema.parse(`00000000-0000-8000-8000-${String(number).padStart(12, '0')}`);
}

/** An envelope as a leader makes them, changed as a test wants. */
export function envelopeOf(change: Partial<Envelope> = {}): Envelope {
  const runId = change.runId ?? runIdOf(1);
  const taskKey = change.taskKey ?? taskKeySchema.parse('extract');
  const attempt = change.attempt ?? 1;
  return {
    v: 1,
    attemptId: attemptIdOf(runId, taskKey, attempt),
    runId,
    jobId: jobIdSchema.parse('daily'),
    taskKey,
    attempt,
    placement: 1,
    node: nodeNameSchema.parse('cube1'),
    epoch: 1,
    definitionHash: 'none',
    expiresAt: 2_000_000_000_000,
    tickTime: null,
    action: { type: 'command', command: 'true', args: [], workingDir: null },
    environment: {},
    config: '{}',
    timeoutMs: null,
    killGraceMs: 1_000,
    slots: 1,
    ...change,
  };
}

export const SUCCESS: AttemptEnd = {
  ending: { kind: 'exited', code: 0 },
  startedAt: 1_000,
  endedAt: 2_000,
  durationMs: 1_000,
  cpuMs: 10,
};
