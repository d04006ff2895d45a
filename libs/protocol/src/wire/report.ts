import { attemptEndSchema, attemptIdSchema, nodeNameSchema } from '@petit/model';
import { z } from 'zod';
import { DECLINE_REASONS } from './envelope.js';

const about = {
  v: z.literal(1),
  node: nodeNameSchema,
  attemptId: attemptIdSchema,
  placement: z.int().positive(),
};

export const reportSchema = z.discriminatedUnion('kind', [
  /** The attempt ended; or, with ending `unknown`, it was started and nobody saw its end. */
  z.strictObject({ ...about, kind: z.literal('ended'), end: attemptEndSchema }),
  /** The delivery was not accepted, so nothing was started and the placement is free. */
  z.strictObject({ ...about, kind: z.literal('declined'), why: z.enum(DECLINE_REASONS) }),
]);
/** What a worker says of an attempt; idempotent by attempt and placement. */
export type Report = z.infer<typeof reportSchema>;

export const refusalSchema = z.strictObject({
  v: z.literal(1),
  node: nodeNameSchema,
  kind: z.literal('refused'),
  deliveryId: z.string().max(300),
  why: z.enum(DECLINE_REASONS),
});
/** A delivery that no leader signed for this node: shown and counted, but about no attempt that could be trusted. */
export type Refusal = z.infer<typeof refusalSchema>;

export const workerWordSchema = z.union([reportSchema, refusalSchema]);
/** Everything a worker puts on the report stream. */
export type WorkerWord = z.infer<typeof workerWordSchema>;
