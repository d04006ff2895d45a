import {
  definitionName,
  exampleText,
  fileSchema,
  LEVEL_TABLE,
  SCHEMA_PARTS,
  TASK_TEXTS,
  type JsonSchema,
  type Level,
} from '@petit/jobfile';
import { markdownTable } from './markdown-table.js';
import { valueWords } from './value-words.js';

/** `docs/reference/job.schema.json`: the schema of a job file, for editors. */
export function renderJobSchema(): string {
  return `${JSON.stringify(fileSchema('job'), null, 2)}\n`;
}

/** `docs/reference/defaults.schema.json`: that of the file of defaults. */
export function renderDefaultsSchema(): string {
  return `${JSON.stringify(fileSchema('defaults'), null, 2)}\n`;
}

const JOB = fileSchema('job');
const DEFAULTS = fileSchema('defaults');
const OWN_KEYS = (key: string): boolean => !Object.hasOwn(TASK_TEXTS, key);
const SHARED_KEYS = (key: string): boolean => Object.hasOwn(TASK_TEXTS, key);

/** `docs/reference/job-file.md`: every key of a job file, from the shapes that load it and the texts beside them. */
export function renderJobFile(): string {
  return `# Job files

<!-- Written by libs/testkit/bin/docs.mjs from libs/jobfile/src/shape and libs/jobfile/src/reference. -->

A job file is one job in YAML, \`*.yaml\` or \`*.yml\`, in the directory that the leader loads. \`petit-ctl validate DIR\` tells every
mistake with its place. An editor that knows JSON Schema tells most of them while you write, and shows the texts of this page,
when the first line of the file names [the schema](job.schema.json), as in [the examples](../../examples):

\`\`\`yaml
# yaml-language-server: $schema=../docs/reference/job.schema.json
\`\`\`

What is true of all keys:

- A key without a value is as if it were not there. A key that nobody knows is a mistake; keys that begin with \`x-\` are yours.
- Where text is wanted, a number or \`true\` is taken as it is written: \`PORT: 8080\`, \`VERSION: 1.10\`.
- A **duration** is text such as \`90s\`, \`5m\`, \`1h30m\`, \`1d\`, \`250ms\`: days, hours, minutes, seconds, milliseconds, in this order, ten
  years at most.
- A **name** is a letter or digit, then letters, digits, \`_\`, \`-\` or single dots, 64 characters at most.

## The job

${levelTable(JOB, 'job')}
${ruleList(JOB)}
${section('schedule', 'What `schedule` may be besides text, alone or in a list. The text itself: [schedules](schedules.md).')}
${section('dst', 'What a change of the clocks does: `dst` of the job, or of one schedule.')}
${section('job dependency', 'What an entry of `depends_on` of the job may be besides an id ([jobs after jobs](../guide/jobs-on-jobs.md)).')}
${section('condition of a job dependency', 'A condition that is a map.')}
${section('window in seconds', "What `within_window` may be besides a duration: petit's way.")}
## task

An entry of \`tasks\`. Every task has these keys:

${levelTable(definitionOf('command task'), 'command task', SHARED_KEYS)}
${ruleList(definitionOf('command task'))}
### command task

And where its \`type\` is \`command\`:

${levelTable(definitionOf('command task'), 'command task', OWN_KEYS)}
### python task

And where its \`type\` is \`python\`:

${levelTable(definitionOf('python task'), 'python task', OWN_KEYS)}
${section('retry', '`retry` of a task, and `default_retry` of the file of defaults.')}
${section('needs', '`needs` of a task.')}
## defaults

What all jobs of a directory share, in a file called \`defaults.yaml\` or \`petit.yaml\` ([its schema](defaults.schema.json)).

${levelTable(DEFAULTS, 'defaults')}
## What the schema cannot say

A validator of JSON Schema and the loader agree on everything else: \`npm run prove -- schema\` holds them against each other
([the last time](../evidence/schema.md)). A number is the one thing that both see and see differently: the loader takes \`+5\` or
\`.5\` as they are written, and neither is a name. These are left to the loader:

${markdownTable(['what `validate` tells', 'why a schema does not'], beyondRows())}`;
}

function beyondRows(): string[][] {
  const rows = Object.entries(SCHEMA_PARTS);
  return ['meaning', 'text'].flatMap((wanted) =>
    rows.flatMap(([code, part]) =>
      part.part === wanted && part.part !== 'shape' ? [[`\`${code}\``, part.why]] : [],
    ),
  );
}

function section(level: Level, intro: string): string {
  const rules = ruleList(definitionOf(level));
  return `## ${level}\n\n${intro}\n\n${levelTable(definitionOf(level), level)}${rules === '' ? '' : `\n${rules}`}`;
}

function definitionOf(level: Level): JsonSchema {
  const found = JOB.$defs?.[definitionName(level)];
  if (found === undefined) throw new Error(`the schema has no definition of "${level}"`);
  return found;
}

function levelTable(
  { properties = {}, required = [] }: JsonSchema,
  level: Level,
  isShown: (key: string) => boolean = () => true,
): string {
  const { texts } = LEVEL_TABLE[level];
  const rows = Object.entries(properties)
    .filter(([key]) => isShown(key))
    .map(([key, property]) => {
      const text = texts[key];
      if (text === undefined) throw new Error(`"${key}" of ${level} has no text`);
      const absent = required.includes(key) ? '**required**' : (text.absent ?? '');
      const example = `\`${key}: ${exampleText(text.example)}\``;
      return [`\`${key}\``, valueWords(property), absent, text.text, example];
    });
  return markdownTable(['key', 'value', 'default', 'what it does', 'example'], rows);
}

/** What holds between the keys of a map. */
function ruleList({ allOf = [] }: JsonSchema): string {
  return allOf.map(({ description = '' }) => `- ${description}\n`).join('');
}
