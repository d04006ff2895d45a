import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { START_FAILURES, type AttemptEnd, type AttemptEnding } from '@petit/model';
import { isMissing } from './file-errors.js';
import { decodePercent } from './percent-text.js';

/**
 * The record of how an attempt ended, written once by its supervisor: `petit-end 1`, lines `name=value`, and a line
 * `.` that says it is whole. Null when `text` is not such a record, or only the beginning of one.
 */
export function parseEndRecord(text: string): AttemptEnd | null {
  if (!text.startsWith('petit-end 1\n') || !text.endsWith('\n.\n')) return null;
  const facts = new Map(
    text
      .split('\n')
      .slice(1, -2)
      .map((line): [string, string] => {
        const equals = line.indexOf('=');
        return [line.slice(0, equals), line.slice(equals + 1)];
      }),
  );
  const ending = parseEnding(facts);
  const endedAt = integer(facts, 'endedAt');
  if (ending === null || endedAt === null) return null;
  return {
    ending,
    startedAt: integer(facts, 'startedAt'),
    endedAt,
    durationMs: integer(facts, 'durationMs'),
    cpuMs: integer(facts, 'cpuMs'),
  };
}

/** Reads an attempt's end; null when there is none, or none that is whole. */
export async function readEnd(path: string): Promise<AttemptEnd | null> {
  try {
    return parseEndRecord(await readFile(path, 'latin1'));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function parseEnding(facts: ReadonlyMap<string, string>): AttemptEnding | null {
  const kind = facts.get('kind') ?? '';
  const code = integer(facts, 'code');
  const signal = signalName(integer(facts, 'signal'));
  switch (kind) {
    case 'exited':
      return code === null ? null : { kind, code };
    case 'signalled':
      return signal === null ? null : { kind, signal };
    case 'timed_out':
    case 'stopped':
      return { kind, code, signal };
    case 'start_failed': {
      const reason = START_FAILURES.find((known) => known === facts.get('reason')) ?? 'other';
      return { kind, reason, message: decodePercent(facts.get('message') ?? '') };
    }
    default:
      return null;
  }
}

function integer(facts: ReadonlyMap<string, string>, name: string): number | null {
  const text = facts.get(name);
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : null;
}

const SIGNAL_NAMES: ReadonlyMap<number, string> = new Map(
  // Where two names share a number, the first is the common one (SIGABRT, not SIGIOT).
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]): [number, string] => [number, name]),
);

function signalName(number: number | null): string | null {
  return number === null ? null : (SIGNAL_NAMES.get(number) ?? `signal ${number}`);
}
