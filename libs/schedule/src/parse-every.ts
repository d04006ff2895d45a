import { read, unread, type Read, type ScheduleProblem } from './problem.js';

const UNITS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** A hundred years: beyond it the next multiple since the epoch is nobody's plan. */
const MAX_PERIOD_MS = 36_525 * 86_400_000;
const WANTED = 'whole numbers with d, h, m, s in this order, such as 1h30m';

/** Reads the period of `@every`, in milliseconds; `offset` is where `text` stands in the schedule. */
export function parseEvery(text: string, offset: number): Read<number> {
  let periodMs = 0;
  let position = 0;
  let nextUnit = 0;
  while (position < text.length) {
    const [whole, digits, letters] = /^([0-9]*)([^0-9]*)/.exec(text.slice(position)) ?? [''];
    const index = UNITS.findIndex(({ unit }) => unit === letters);
    const unit = UNITS[index];
    if (
      digits === undefined ||
      digits === '' ||
      digits.length > 9 ||
      unit === undefined ||
      index < nextUnit
    ) {
      return unread(everyProblem({ text: whole, offset: offset + position, wanted: WANTED }));
    }
    periodMs += Number(digits) * unit.ms;
    position += whole.length;
    nextUnit = index + 1;
  }
  if (text === '') return unread(everyProblem({ text, offset, wanted: WANTED }));
  if (periodMs < 1_000) return unread(everyProblem({ text, offset, wanted: 'at least 1s' }));
  if (periodMs > MAX_PERIOD_MS)
    return unread(everyProblem({ text, offset, wanted: 'at most 36525d' }));
  return read(periodMs);
}

function everyProblem(input: {
  readonly text: string;
  readonly offset: number;
  readonly wanted: string;
}): ScheduleProblem {
  return {
    field: 'shortcut',
    offset: input.offset,
    found: input.text,
    wanted: input.wanted,
    message: `the period of @every must be ${input.wanted}, not "${input.text}"`,
  };
}
