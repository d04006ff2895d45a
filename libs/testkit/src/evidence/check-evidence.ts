import type { TaskCondition } from '@petit/model';
import type { Evidence, EvidenceLine } from './evidence-line.js';

/** A task as its job file has it, and what the run record says became of it. */
export interface ExpectedTask {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly condition: TaskCondition;
  /** As the API tells it; `stopped` for one that failed because somebody ended it. */
  readonly state: string;
  /** The number of the last attempt by the record: 1 + its recorded retries; 0 when none was made. */
  readonly attempts: number;
}

/** A run that was asked for. Tasks that fan out over nodes are not judged here. */
export interface ExpectedRun {
  readonly run: string;
  readonly state: string;
  readonly tasks: readonly ExpectedTask[];
}

export const VIOLATIONS = [
  /** More starts of a task than 1 + recorded retries, or two of one attempt. */
  'started_twice',
  /** A start before everything it depends on was in the state that its condition needs. */
  'started_early',
  /** A start of what the record says never ran. */
  'started_unasked',
  /** The record says that it ran to its end, and nothing was started. */
  'lost',
  /** The record says that it ran to its own end, and it did not. */
  'ended_in_record_only',
  'end_without_start',
  'ended_twice',
  /** It exited otherwise than the record says. */
  'other_ending',
  'unknown_run',
  'unknown_task',
  /** A run that has no end. */
  'unfinished',
  /** Two runs of one job for one due instant. */
  'tick_twice',
  'damaged_line',
] as const;
export type ViolationKind = (typeof VIOLATIONS)[number];

export interface Violation {
  readonly kind: ViolationKind;
  readonly run: string;
  readonly task: string;
  /** For people: what was seen and what was wanted. */
  readonly text: string;
}

const ENDED_RUN: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'interrupted']);
const NEVER_RAN: ReadonlySet<string> = new Set(['pending', 'ready', 'skipped']);

/**
 * Judges what jobs wrote down, in the order in which they wrote it. How often and in what order something started is
 * taken from the evidence alone; the records are then held against it. An empty list when nothing is wrong.
 */
export function checkEvidence(
  evidence: Evidence,
  runs: readonly ExpectedRun[],
): readonly Violation[] {
  const found: Violation[] = evidence.damaged.map((line) => ({
    kind: 'damaged_line',
    run: '',
    task: '',
    text: `line ${line} is none that a job writes`,
  }));
  const byRun = groupBy(evidence.lines, (line) => line.run);
  for (const run of runs) found.push(...checkRun(run, byRun.get(run.run) ?? []));
  const known = new Set(runs.map(({ run }) => run));
  for (const [run, lines] of byRun) {
    if (known.has(run)) continue;
    const tasks = [...new Set(lines.map(({ task }) => task))].join(', ');
    found.push({
      kind: 'unknown_run',
      run,
      task: '',
      text: `nobody asked for it; it ran ${tasks}`,
    });
  }
  return [...found, ...checkTicks(evidence.lines)];
}

function checkRun(run: ExpectedRun, lines: readonly EvidenceLine[]): readonly Violation[] {
  const found: Violation[] = [];
  const byTask = groupBy(lines, (line) => line.task);
  if (!ENDED_RUN.has(run.state)) {
    found.push({ kind: 'unfinished', run: run.run, task: '', text: `it is ${run.state}` });
  }
  for (const task of run.tasks) {
    const own = byTask.get(task.id) ?? [];
    const tell = (kind: ViolationKind, text: string): void => {
      found.push({ kind, run: run.run, task: task.id, text });
    };
    checkStarts(task, own, tell);
    checkEnds(task, own, tell);
    checkOrder(task, { run, lines }, tell);
  }
  for (const id of byTask.keys()) {
    if (run.tasks.some((task) => task.id === id)) continue;
    found.push({ kind: 'unknown_task', run: run.run, task: id, text: 'its job has no such task' });
  }
  return found;
}

type Tell = (kind: ViolationKind, text: string) => void;

function checkStarts(task: ExpectedTask, own: readonly EvidenceLine[], tell: Tell): void {
  const starts = own.filter(({ event }) => event === 'start');
  const allowed = Math.max(task.attempts, 1);
  const repeated = new Set(starts.map(({ attempt }) => attempt)).size < starts.length;
  if (starts.length > allowed || repeated) {
    const seen = starts.map(({ attempt, node, pid }) => `attempt ${attempt} on ${node} as ${pid}`);
    tell(
      'started_twice',
      `${starts.length} starts (${seen.join('; ')}), wanted ${allowed} at most`,
    );
  }
  if (starts.length > 0 && NEVER_RAN.has(task.state))
    tell('started_unasked', `it is ${task.state} in the record, and it was started`);
}

function checkEnds(task: ExpectedTask, own: readonly EvidenceLine[], tell: Tell): void {
  for (const [attempt, lines] of groupBy(own, ({ attempt: number }) => number)) {
    const ends = lines.filter(({ event }) => event === 'end').length;
    const starts = lines.length - ends;
    if (ends > 0 && starts === 0) tell('end_without_start', `attempt ${attempt} only ended`);
    if (ends > Math.max(starts, 1)) tell('ended_twice', `attempt ${attempt} ended ${ends} times`);
  }
  if (task.state !== 'completed' && task.state !== 'failed') return;
  const last = own.filter(({ attempt }) => attempt === task.attempts);
  if (last.length === 0)
    return tell(
      'lost',
      `attempt ${task.attempts} is ${task.state} in the record and never started`,
    );
  const end = last.find(({ event }) => event === 'end');
  if (end === undefined)
    return tell('ended_in_record_only', `attempt ${task.attempts} did not come to its end`);
  if ((end.exitCode === 0) !== (task.state === 'completed'))
    tell('other_ending', `it exited with ${end.exitCode} and is ${task.state} in the record`);
}

/** What a dependency has come to at some place in the evidence. */
type Coming = 'open' | 'success' | 'failure' | 'skipped';

function checkOrder(
  task: ExpectedTask,
  seen: { readonly run: ExpectedRun; readonly lines: readonly EvidenceLine[] },
  tell: Tell,
): void {
  const first = seen.lines.findIndex(({ event, task: id }) => event === 'start' && id === task.id);
  if (first < 0 || task.dependsOn.length === 0) return;
  const before = seen.lines.slice(0, first);
  const comings = task.dependsOn.map((id) => ({ id, coming: comingOf(id, seen.run, before) }));
  if (
    isMet(
      task.condition,
      comings.map(({ coming }) => coming),
    )
  )
    return;
  const list = comings.map(({ id, coming }) => `${id} ${coming}`).join(', ');
  tell('started_early', `${task.condition} was not met when it started: ${list}`);
}

function comingOf(id: string, run: ExpectedRun, before: readonly EvidenceLine[]): Coming {
  const task = run.tasks.find((each) => each.id === id);
  if (task === undefined) return 'open';
  // These count as failures, whatever they wrote down before their end was unknown or made.
  if (task.state === 'lost' || task.state === 'stopped') return 'failure';
  // Only its last attempt decides; what came before was tried again.
  const end = before.find(
    (line) => line.event === 'end' && line.task === id && line.attempt === task.attempts,
  );
  if (end !== undefined) return end.exitCode === 0 ? 'success' : 'failure';
  switch (task.state) {
    case 'skipped': {
      // It leaves no evidence, but what it waited for does.
      const isOver = task.dependsOn.every((each) => comingOf(each, run, before) !== 'open');
      return isOver ? 'skipped' : 'open';
    }
    // When these were over is the record's word alone.
    case 'cancelled':
      return 'skipped';
    default:
      return 'open';
  }
}

function isMet(condition: TaskCondition, comings: readonly Coming[]): boolean {
  switch (condition) {
    case 'all_success':
      return comings.every((coming) => coming === 'success');
    case 'all_done':
    case 'always':
      return comings.every((coming) => coming !== 'open');
    case 'on_failure':
      return (
        comings.every((coming) => coming !== 'open') &&
        comings.some((coming) => coming === 'failure')
      );
    default:
      return condition satisfies never;
  }
}

function checkTicks(lines: readonly EvidenceLine[]): readonly Violation[] {
  const ticked = lines.filter(({ tick }) => tick !== null);
  return [...groupBy(ticked, ({ job, tick }) => `${job} ${tick}`)].flatMap(([tick, own]) => {
    const runs = [...new Set(own.map(({ run }) => run))];
    if (runs.length < 2) return [];
    const text = `${tick} led to ${runs.length} runs: ${runs.join(', ')}`;
    return [{ kind: 'tick_twice' as const, run: runs[0] ?? '', task: '', text }];
  });
}

function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): Map<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
