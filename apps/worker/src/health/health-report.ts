import { z } from 'zod';
import { nodeNameSchema, type NodeName } from '@petit/model';
import { PRESENCE } from '@petit/protocol';

/** How a running agent does, as it says of itself. */
export type HealthReport =
  /** It belongs to no cluster yet, and waits for one. */
  | { readonly kind: 'joining' }
  | {
      readonly kind: 'member';
      readonly node: NodeName;
      readonly redis: 'ok' | 'away';
      /** How long ago the last sign of life went out, milliseconds; null before the first. */
      readonly signAgoMs: number | null;
      /** Why nothing new is taken, or null. */
      readonly closed: string | null;
    };

export const healthReportSchema: z.ZodType<HealthReport> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('joining') }),
  z.strictObject({
    kind: z.literal('member'),
    node: nodeNameSchema,
    redis: z.enum(['ok', 'away']),
    signAgoMs: z.number().nonnegative().nullable(),
    closed: z.string().nullable(),
  }),
]);

/** Whether a worker does what it is there for, and how it does in a line. */
export interface HealthVerdict {
  readonly isHealthy: boolean;
  readonly text: string;
}

/**
 * Judges a report. That nothing new is taken (cordoned, draining, a full disk) is said and is no fault of the process:
 * what runs there must not be ended by whoever restarts what is unhealthy.
 */
export function judgeHealth(report: HealthReport): HealthVerdict {
  if (report.kind === 'joining')
    return { isHealthy: false, text: 'it has not joined a cluster yet' };
  const { node, redis, signAgoMs, closed } = report;
  const isHeard = signAgoMs !== null && signAgoMs <= PRESENCE.suspectAfterMs;
  const parts = [
    closed === null ? `${node} takes tasks` : `${node} takes nothing new: ${closed}`,
    redis === 'ok' ? 'Redis answers' : 'Redis does not answer',
    signAgoMs === null
      ? 'no sign of life was sent yet'
      : `last sign of life ${Math.round(signAgoMs / 1_000)} s ago`,
  ];
  return { isHealthy: redis === 'ok' && isHeard, text: parts.join('; ') };
}
