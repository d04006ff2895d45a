import type { JsonValue } from '@petit/model';
import { stringify } from 'yaml';
import type { Problem, ProblemCode } from '../problem/problem.js';
import { SCHEMA_PARTS } from '../reference/beyond-schema.js';
import type { JsonSchema } from '../reference/json-schema.js';
import { randomDocument } from './random-document.fixture.js';
import { chance, pickNumber, seededRandom, type Random } from './random.fixture.js';
import { settleDocument } from './settle-document.fixture.js';
import { spoilDocument, type Spoiler } from './spoil-document.fixture.js';

/** What is held against each other. */
export interface SchemaSubject {
  /** Documents are made from it. */
  readonly schema: JsonSchema;
  /** What a validator of JSON Schema says of a document. */
  readonly isValid: (document: unknown) => boolean;
  /** The mistakes that the loader finds in a text. */
  readonly problemsOf: (text: string) => readonly Problem[];
}

/** What came of a proof. */
export interface SchemaProof {
  readonly documents: number;
  /** Made to load, with the loader finding no mistake. */
  readonly loaded: number;
  /** Good by the schema and by the loader. */
  readonly good: number;
  /** Refused by both. */
  readonly bad: number;
  /** Good by the schema, and refused by the loader only for what no schema can say. */
  readonly beyond: number;
  /** Not compared: the mistake is in the text, before there are values. */
  readonly unread: number;
  readonly spoilt: ReadonlyMap<Spoiler, number>;
  /** In how many documents the loader told of each. */
  readonly codes: ReadonlyMap<ProblemCode, number>;
  readonly wrong: readonly string[];
}

/** How much is proved, and from what chance. */
export interface ProofSize {
  readonly seed: string;
  readonly documents: number;
  /** With so many disagreements it stops. */
  readonly mostWrong?: number;
}

/** How both see one document. */
type Verdict =
  | {
      readonly kind: 'good' | 'bad' | 'beyond' | 'unread';
      readonly codes: ReadonlySet<ProblemCode>;
    }
  | { readonly kind: 'wrong'; readonly codes: ReadonlySet<ProblemCode>; readonly why: string };

const MOST_SPOILS = 3;

/**
 * Makes documents from the schema, puts a share of them right so that they must load, spoils another share, and compares
 * what a validator says of each with what the loader says of its text.
 */
export function proveSchema(
  subject: SchemaSubject,
  { seed, documents, mostWrong = 20 }: ProofSize,
): SchemaProof {
  const counts = { loaded: 0, good: 0, bad: 0, beyond: 0, unread: 0 };
  const [spoilt, codes] = [new Map<Spoiler, number>(), new Map<ProblemCode, number>()];
  const wrong: string[] = [];
  for (let index = 0; index < documents && wrong.length < mostWrong; index += 1) {
    const random = seededRandom(`${seed} ${index}`);
    const made = makeDocument(subject.schema, random);
    const text = chance(random, 0.7) ? JSON.stringify(made.document) : stringify(made.document);
    const verdict = judge(subject, made.document, text);
    for (const by of made.spoilt) count(spoilt, by);
    for (const code of verdict.codes) count(codes, code);
    if (verdict.kind === 'wrong') wrong.push(`document ${index}: ${verdict.why}\n${text}`);
    else counts[verdict.kind] += 1;
    if (!made.mustLoad || verdict.kind === 'unread') continue;
    if (verdict.kind === 'good') counts.loaded += 1;
    else wrong.push(`document ${index} was made to load: ${[...verdict.codes].join()}\n${text}`);
  }
  return { documents, ...counts, spoilt, codes, wrong };
}

function makeDocument(
  schema: JsonSchema,
  random: Random,
): { readonly document: JsonValue; readonly spoilt: Spoiler[]; readonly mustLoad: boolean } {
  const raw = randomDocument(schema, random);
  const isSettled = chance(random, 0.8);
  let document = isSettled ? settleDocument(raw, random) : raw;
  const spoilt: Spoiler[] = [];
  const times = chance(random, 0.4) ? 0 : pickNumber(random, 1, MOST_SPOILS);
  for (let time = 0; time < times; time += 1) {
    const spoiling = spoilDocument(document, random);
    document = spoiling.document;
    spoilt.push(spoiling.by);
  }
  return { document, spoilt, mustLoad: isSettled && times === 0 };
}

function judge(subject: SchemaSubject, document: JsonValue, text: string): Verdict {
  const problems = subject.problemsOf(text);
  const codes = new Set(problems.map(({ code }) => code));
  const parts = new Set([...codes].map((code) => SCHEMA_PARTS[code].part));
  if (parts.has('text')) return { kind: 'unread', codes };
  const isValid = subject.isValid(document);
  const messages = problems.map(({ code, message }) => `${code} ${message}`).join('; ');
  if (isValid && parts.has('shape'))
    return { kind: 'wrong', codes, why: `the schema takes it, the loader does not: ${messages}` };
  if (!isValid && !parts.has('shape'))
    return {
      kind: 'wrong',
      codes,
      why: `the loader takes its shape, the schema does not: ${messages}`,
    };
  if (!isValid) return { kind: 'bad', codes };
  return { kind: parts.has('meaning') ? 'beyond' : 'good', codes };
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
