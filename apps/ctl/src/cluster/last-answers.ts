import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makePrivateDirectory, writePrivateFile } from '@petit/daemon';
import type { CtlContext } from '../cli/context.js';
import { ANSWER_KINDS, type Answer } from '../show/answer.js';

/** An answer as it was kept: what it answers, and when it was given. */
export interface KeptAnswer {
  /** What was asked, as `runs backup`: the same question may be answered from here when no leader does. */
  readonly question: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly at: number;
  readonly answer: Answer;
}

interface KeptFile {
  readonly v: 1;
  readonly servers: Readonly<Record<string, readonly KeptAnswer[]>>;
}

const MAX_SERVERS = 8;
const MAX_ANSWERS = 8;
const MAX_ANSWER_CHARACTERS = 128 * 1024;

/**
 * The last answers of each server, kept in a private file of the user's, so that what was true can be shown, with its
 * age, when no leader answers. It is a convenience: a file that cannot be read counts as empty, one that cannot be
 * written is left.
 */
export class LastAnswers {
  readonly #path: string;

  constructor({ environment, home }: CtlContext) {
    const state = environment['XDG_STATE_HOME'];
    const base = state === undefined || state === '' ? join(home, '.local', 'state') : state;
    this.#path = join(base, 'petit', 'last-answer.json');
  }

  /** The answers of a server, the newest first. */
  of(server: string): readonly KeptAnswer[] {
    return this.#read().servers[server] ?? [];
  }

  /** Keeps an answer in place of the last one to the same question. */
  keep(server: string, kept: KeptAnswer): void {
    if (JSON.stringify(kept).length > MAX_ANSWER_CHARACTERS) return;
    const { servers } = this.#read();
    const others = (servers[server] ?? []).filter(({ question }) => question !== kept.question);
    const rest = Object.entries(servers).filter(([name]) => name !== server);
    const file: KeptFile = {
      v: 1,
      servers: Object.fromEntries([
        [server, [kept, ...others].slice(0, MAX_ANSWERS)],
        ...rest.slice(0, MAX_SERVERS - 1),
      ]),
    };
    try {
      makePrivateDirectory(dirname(this.#path));
      writePrivateFile(this.#path, JSON.stringify(file));
    } catch {
      // A full disk or a home that may not be written is no reason to fail a command that has its answer.
    }
  }

  #read(): KeptFile {
    try {
      const value: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      return isKeptFile(value) ? value : EMPTY;
    } catch {
      return EMPTY;
    }
  }
}

const EMPTY: KeptFile = { v: 1, servers: {} };

function isKeptFile(value: unknown): value is KeptFile {
  if (typeof value !== 'object' || value === null) return false;
  if (!('v' in value) || value.v !== 1 || !('servers' in value)) return false;
  const { servers } = value;
  return (
    typeof servers === 'object' &&
    servers !== null &&
    Object.values(servers).every((kept) => Array.isArray(kept) && kept.every(isKeptAnswer))
  );
}

// The views are as the server gave them, and this file is ours alone, so they are not looked into again.
function isKeptAnswer(value: unknown): value is KeptAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { question, at, answer } = value as Partial<Record<string, unknown>>;
  const kind =
    typeof answer === 'object' && answer !== null && 'kind' in answer ? answer.kind : null;
  return (
    typeof question === 'string' &&
    typeof at === 'number' &&
    ANSWER_KINDS.some((known) => known === kind)
  );
}
