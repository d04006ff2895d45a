/** A `warning` is about runs that come at another time, more or less often, or not at all; a `note` is good to know. */
export type FindingLevel = 'warning' | 'note';

/** What a finding is about: a schedule of the job, a field of its text, or a key of the job. */
export type FindingTarget =
  | { readonly kind: 'schedule'; readonly index: number; readonly field: number | null }
  | { readonly kind: 'key'; readonly key: string };

/** What a rule found, each part a sentence without its end. */
export interface RuleFinding {
  readonly level: FindingLevel;
  readonly jobId: string;
  readonly target: FindingTarget;
  readonly what: string;
  readonly why: string;
  readonly suggestion: string;
}

/** A finding with the name of its rule. */
export interface Finding extends RuleFinding {
  readonly rule: string;
}
