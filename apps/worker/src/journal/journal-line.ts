import { crc32 } from 'node:zlib';
import { attemptEndSchema, attemptIdSchema, type AttemptEnd, type AttemptId } from '@petit/model';
import {
  DECLINE_REASONS,
  parseJson,
  signedSchema,
  type DeclineReason,
  type Signed,
} from '@petit/protocol';
import { z } from 'zod';

interface AboutAttempt {
  readonly attemptId: AttemptId;
  readonly placement: number;
}

/** One line of the journal. */
export type JournalLine =
  /** The first line: names this journal. Another id means that the old one is gone. */
  | { readonly kind: 'journal'; readonly v: 1; readonly id: string }
  /** The highest epoch that an accepted envelope carried. */
  | { readonly kind: 'epoch'; readonly epoch: number }
  /** A delivery was accepted under this boot. Synced before leave is asked. */
  | (AboutAttempt & {
      readonly kind: 'accepted';
      readonly bootId: string;
      readonly envelope: Signed;
    })
  /** Leave was given. */
  | (AboutAttempt & { readonly kind: 'granted' })
  /** The delivery was accepted and will not be started; the leader is to hear why. */
  | (AboutAttempt & { readonly kind: 'declined'; readonly why: DeclineReason })
  /**
   * The run record shows the end. Kept a while, so that a replay is known, and a Redis that forgot can be told again.
   * Both instants are Redis' clock, milliseconds since the epoch; the first is of the envelope.
   */
  | (AboutAttempt & {
      readonly kind: 'settled';
      readonly end: AttemptEnd;
      readonly expiresAt: number;
      readonly settledAt: number;
    })
  /** Nothing of it needs to be known any more. */
  | (AboutAttempt & { readonly kind: 'forgotten' });

const about = { attemptId: attemptIdSchema, placement: z.int().positive() };

const journalLineSchema: z.ZodType<JournalLine> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('journal'), v: z.literal(1), id: z.string() }),
  z.strictObject({ kind: z.literal('epoch'), epoch: z.int().nonnegative() }),
  z.strictObject({
    ...about,
    kind: z.literal('accepted'),
    bootId: z.string(),
    envelope: signedSchema,
  }),
  z.strictObject({ ...about, kind: z.literal('granted') }),
  z.strictObject({ ...about, kind: z.literal('declined'), why: z.enum(DECLINE_REASONS) }),
  z.strictObject({
    ...about,
    kind: z.literal('settled'),
    end: attemptEndSchema,
    expiresAt: z.int(),
    settledAt: z.int(),
  }),
  z.strictObject({ ...about, kind: z.literal('forgotten') }),
]);

/** What a journal file held. */
export interface JournalText {
  readonly lines: readonly JournalLine[];
  /** How much of the text is whole: behind it there is nothing, or what a loss of power left of an append. */
  readonly wholeBytes: number;
  /** Line numbers, from 1, of what is damaged although whole lines come after it. */
  readonly badLines: readonly number[];
}

/** A line as the file holds it: the CRC-32 of the JSON text, a space, the text. */
export function encodeLine(line: JournalLine): string {
  const text = JSON.stringify(line);
  return `${checksum(text)} ${text}\n`;
}

/** Reads a whole file. Damage at the end is a torn append and not worth a word; damage before a whole line is. */
export function parseJournal(file: Buffer): JournalText {
  const lines: JournalLine[] = [];
  const damaged: number[] = [];
  let wholeBytes = 0;
  let badBefore = 0;
  let number = 0;
  for (let from = 0; from < file.length;) {
    const newline = file.indexOf(10, from);
    const to = newline < 0 ? file.length : newline;
    number += 1;
    const line = newline < 0 ? null : decodeLine(file.toString('utf8', from, to));
    if (line === null) damaged.push(number);
    else {
      lines.push(line);
      wholeBytes = to + 1;
      badBefore = damaged.length;
    }
    from = to + 1;
  }
  return { lines, wholeBytes, badLines: damaged.slice(0, badBefore) };
}

function decodeLine(text: string): JournalLine | null {
  const body = text.slice(9);
  if (text[8] !== ' ' || text.slice(0, 8) !== checksum(body)) return null;
  const parsed = journalLineSchema.safeParse(parseJson(body));
  return parsed.success ? parsed.data : null;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
