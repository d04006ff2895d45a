import { messageOf, PetitError } from '@petit/model';
import type { HealthView } from '@petit/protocol';
import { NoAnswerError } from '../cluster/open-cluster.js';
import type { KeptAnswer } from '../cluster/last-answers.js';
import { showAnswer } from '../show/answer.js';
import { screenOf, type Screen } from '../show/screen.js';
import { momentText } from '../show/time-text.js';
import { visibleJson, visibleText } from '../show/visible-text.js';
import type { CtlContext } from './context.js';
import { printLines } from './print-answer.js';

/**
 * Says on stderr what went wrong and resolves with the exit code of the error table. When no leader answered, what was
 * last heard is shown below it, with its age: on stderr, so that nothing takes it for an answer.
 */
export async function reportError(error: unknown, context: CtlContext): Promise<number> {
  const known = error instanceof PetitError ? error : asInternal(error);
  if (context.args.includes('--json')) {
    context.stderr.write(`${visibleJson(errorBody(known), 2)}\n`);
    return known.exitCode;
  }
  const screen = screenOf(context.stderr, context);
  const [first = '', ...rest] = visibleText(known.message).split('\n');
  printLines(
    [`${screen.palette.red('petit-ctl:')} ${first}`, ...rest.map((line) => `  ${line}`)],
    context.stderr,
  );
  if (known instanceof NoAnswerError) printLines(await lastHeard(known, screen), context.stderr);
  return known.exitCode;
}

async function lastHeard(error: NoAnswerError, screen: Screen): Promise<readonly string[]> {
  const health = healthOf(error);
  const says = health === null ? [] : [healthLine(health, screen)];
  if (error.kept === null) return [...says, 'It has not answered petit-ctl before.'];
  return [...says, ...(await keptLines(error.kept, screen))];
}

async function keptLines(
  { question, at, answer }: KeptAnswer,
  screen: Screen,
): Promise<readonly string[]> {
  const { palette, now } = screen;
  // "In 3 min" is of the time of the answer: what was due then may long have happened.
  const lines = await showAnswer(answer, { ...screen, now: at });
  return [
    palette.yellow(`Not live: "petit-ctl ${question}" shown as of ${momentText(at, now)}.`),
    ...lines.map((line) => `${palette.dim('┆')} ${line}`),
  ];
}

function healthLine(health: HealthView, { now }: Screen): string {
  const epoch = health.epoch === null ? '' : `, epoch ${health.epoch}`;
  return `It says: ${health.role}${epoch}, Redis ${health.redis}, since ${momentText(health.since, now)}.`;
}

function healthOf({ details }: PetitError): HealthView | null {
  const { health } = details;
  return typeof health === 'object' && health !== null ? (health as HealthView) : null;
}

function errorBody(error: PetitError): unknown {
  const { server, health } = error.details;
  return {
    error: error.message,
    code: error.code,
    ...(server === undefined ? {} : { server }),
    ...(health === undefined ? {} : { health }),
    ...(error instanceof NoAnswerError ? { notLive: notLive(error.kept) } : {}),
  };
}

function notLive(kept: KeptAnswer | null): unknown {
  return kept === null ? null : { question: kept.question, at: kept.at, view: kept.answer.view };
}

function asInternal(error: unknown): PetitError {
  const text = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  return new PetitError('INTERNAL_ERROR', `this is a mistake of ours: ${text}`, { cause: error });
}
