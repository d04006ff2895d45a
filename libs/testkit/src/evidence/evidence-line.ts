/** What a job wrote down about itself: that a task began, or that its command came to its own end. */
export interface EvidenceLine {
  readonly event: 'start' | 'end';
  readonly job: string;
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  readonly node: string;
  readonly pid: number;
  /** Of the process, in clock ticks since the boot: with the pid it names one process for ever. */
  readonly startTime: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  /** The due instant of the run, or null when somebody asked for it. */
  readonly tick: string | null;
  /** The exit code that the command is about to end with; null in a `start`. */
  readonly exitCode: number | null;
}

/** A file of evidence: its lines in the order in which they were appended, and what is none. */
export interface Evidence {
  readonly lines: readonly EvidenceLine[];
  /** Line numbers, from 1. */
  readonly damaged: readonly number[];
}

const FIELDS = 11;

/** Reads what `EVIDENCE_SCRIPT` appended: a line a record, its fields with tabs between. */
export function parseEvidence(text: string): Evidence {
  const lines: EvidenceLine[] = [];
  const damaged: number[] = [];
  const rows = text.split('\n');
  // A whole file ends with a newline, so what is behind the last one is nothing, or half a line.
  if (rows.at(-1) === '') rows.pop();
  else damaged.push(rows.length);
  rows.forEach((row, index) => {
    const line = parseLine(row);
    if (line !== null) lines.push(line);
    else if (!damaged.includes(index + 1)) damaged.push(index + 1);
  });
  return { lines, damaged };
}

function parseLine(row: string): EvidenceLine | null {
  const fields = row.split('\t');
  const [event, job, run, task, attempt, node, pid, startTime, at, tick, exitCode] = fields;
  if (fields.length !== FIELDS || (event !== 'start' && event !== 'end')) return null;
  if (job === undefined || run === undefined || task === undefined || node === undefined)
    return null;
  if (startTime === undefined || !isCount(attempt) || !isCount(pid) || !isCount(at)) return null;
  return {
    event,
    job,
    run,
    task,
    attempt: Number(attempt),
    node,
    pid: Number(pid),
    startTime,
    at: Number(at),
    tick: tick === undefined || tick === '' ? null : tick,
    exitCode: exitCode === undefined || exitCode === '' ? null : Number(exitCode),
  };
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && /^[0-9]{1,15}$/.test(text);
}
