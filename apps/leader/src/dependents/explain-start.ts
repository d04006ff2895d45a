import { judgeFresh, type JobId, type StartFacts } from '@petit/model';
import { MAX_QUEUED_RUNS } from '@petit/schedule';

/** Why a job that starts after other jobs does not start now. */
export interface StartExplanation {
  /** One sentence for people. */
  readonly text: string;
  /** Each of its dependencies, in the order of its file. */
  readonly dependencies: readonly {
    readonly job: JobId;
    readonly isMet: boolean;
    /** Which run meets it, or what is missing. */
    readonly text: string;
  }[];
}

/** What holds a job back beside its dependencies. */
export interface JobNow {
  /** How many of its runs have not ended. */
  readonly unended: number;
  readonly isPaused: boolean;
}

/** Says what a job waits for, by the same facts and the same judgement that its start is decided on. */
export function explainStart(facts: StartFacts, job: JobNow): StartExplanation {
  const dependencies = facts.dependsOn.map((dependency) => {
    const verdict = judgeFresh(dependency, facts);
    return verdict.kind === 'met'
      ? { job: dependency.job, isMet: true, text: `"${dependency.job}" (run ${verdict.run.id})` }
      : { job: dependency.job, isMet: false, text: verdict.why };
  });
  return { text: sentenceOf(dependencies, job), dependencies };
}

function sentenceOf(
  dependencies: StartExplanation['dependencies'],
  { unended, isPaused }: JobNow,
): string {
  const missing = dependencies.filter(({ isMet }) => !isMet);
  if (missing.length > 0)
    return `it starts after other jobs and waits for ${missing.map(({ text }) => text).join('; ')}`;
  if (isPaused)
    return 'what it starts after is there, and it is paused: it starts when it is resumed';
  if (unended >= MAX_QUEUED_RUNS)
    return `what it starts after is there, and ${unended} of its runs have not ended: it starts when one of them has`;
  return 'what it starts after is there: it starts now';
}
