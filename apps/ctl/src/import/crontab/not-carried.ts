/** What a job file cannot carry of a line, or carries another way. */
export type NotCarriedKind =
  | 'mail'
  | 'user'
  | 'reboot'
  | 'never_due'
  | 'unlogged'
  | 'random'
  | 'random_delay'
  | 'own_zone'
  | 'backslash'
  | 'unended';

/** One thing that is not carried as it is, with the words for it. */
export interface NotCarried {
  readonly kind: NotCarriedKind;
  /** Of the line: `MAILTO=ops@example.org`. */
  readonly what: string;
  /** What it means here: a sentence without its full stop. */
  readonly meaning: string;
}

/** The kinds in the order in which they are told. */
export const NOT_CARRIED_KINDS: readonly NotCarriedKind[] = [
  'reboot',
  'never_due',
  'user',
  'mail',
  'random',
  'random_delay',
  'own_zone',
  'backslash',
  'unended',
  'unlogged',
];
