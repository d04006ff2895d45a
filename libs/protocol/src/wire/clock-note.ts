import { z } from 'zod';

export const clockNoteSchema = z.strictObject({
  v: z.literal(1),
  /** The kernel's boot id: `bootMs` and `monotonicMs` mean something within one boot only. */
  kernelBootId: z.string().max(64),
  /** Milliseconds since the epoch. */
  wallAt: z.int(),
  bootMs: z.number(),
  monotonicMs: z.number(),
});
/** A reading of a leader's clocks that it trusted. Stored, so that the next leader has something to hold its own against. */
export type ClockNote = z.infer<typeof clockNoteSchema>;
