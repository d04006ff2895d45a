import { PetitError } from '@petit/model';

/** Environment variables, as an entry file hands them in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One variable: its name, and how its text (undefined when unset or empty) becomes a value or a complaint. */
export interface Setting<Value> {
  readonly variable: string;
  readonly parse: (text: string | undefined) => Parsed<Value>;
}

export type Parsed<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  /** What was wanted, as the end of the sentence `VARIABLE="text": ...`. */
  | { readonly kind: 'wrong'; readonly wanted: string };

/** The values that a set of settings compiles to. */
export type SettingsOf<Spec extends Readonly<Record<string, Setting<unknown>>>> = {
  readonly [Key in keyof Spec]: Spec[Key] extends Setting<infer Value> ? Value : never;
};

/**
 * Compiles environment variables to values, once, at the edge of a program. An empty variable counts as unset. Throws
 * BAD_SETTINGS with every mistake at once; a value that may be a secret is not repeated in the message.
 */
export function readSettings<Spec extends Readonly<Record<string, Setting<unknown>>>>(
  environment: Environment,
  spec: Spec,
): SettingsOf<Spec> {
  const values: [string, unknown][] = [];
  const mistakes: string[] = [];
  for (const [key, { variable, parse }] of Object.entries(spec)) {
    const text = environment[variable] === '' ? undefined : environment[variable];
    const parsed = parse(text);
    if (parsed.kind === 'value') values.push([key, parsed.value]);
    else mistakes.push(`${shown(variable, text)}: ${parsed.wanted}`);
  }
  if (mistakes.length > 0) throw new PetitError('BAD_SETTINGS', mistakes.join('\n'));
  return Object.fromEntries(values) as SettingsOf<Spec>;
}

/**
 * The variables that begin with `prefix` and that none of `known` names: most often a slip of the pen, so a program
 * warns of them at start.
 */
export function unknownSettings(
  environment: Environment,
  prefix: string,
  known: readonly string[],
): readonly string[] {
  return Object.keys(environment)
    .filter((variable) => variable.startsWith(prefix) && !known.includes(variable))
    .toSorted();
}

function shown(variable: string, text: string | undefined): string {
  if (text === undefined) return `${variable} is not set`;
  const secret = /TOKEN|SECRET|PASSWORD|KEY|URL/.test(variable);
  return secret ? variable : `${variable}=${JSON.stringify(text)}`;
}
