// A year in minutes: see libs/testkit/src/year/run-year.ts. Writes docs/evidence/year.md.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planKills, planPauses, runYear, seededRandom, yearJobs } from '@petit/testkit';
import { bundleLeader } from './leader-bundle.mjs';
import { table } from '../figures/markdown.mjs';
import { machineLine } from './machine-line.mjs';
import { expectTicks, zonesOf } from './year-oracle.mjs';

/** A leap year, after the day on which the leader was built: before it the leader would not trust its clock. */
const YEAR = 2028;
const KILL_EVERY_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
const PAUSE_EVERY_MS = 4 * DAY_MS;
const TOLD_MS = 10 * DAY_MS;

export async function run({ root, scratch, seed, only, write }) {
  const span = spanOf(only);
  const jobs = yearJobs();
  const startedAtMs = performance.now();
  const expected = expectTicks(jobs, span);
  const random = seededRandom(`year ${seed}`);
  const kills = planKills({ ...span, ...expected, everyMs: KILL_EVERY_MS, random });
  const pauses = planPauses({ ...span, ...expected, jobs, everyMs: PAUSE_EVERY_MS, random });
  console.log(
    `${expected.schedules.length} schedules in ${zonesOf(jobs).length} zones, ${kills.length} deaths planned, ` +
      `${expected.changes.length} changes of the clocks`,
  );
  let toldAt = span.fromAt;
  const year = await runYear({
    ...span,
    ...expected,
    kills,
    pauses,
    program: programIn(scratch),
    onLook: (now) => {
      if (now.now < toldAt + TOLD_MS) return;
      toldAt = now.now;
      tell(now, startedAtMs);
    },
  });
  const tookMs = performance.now() - startedAtMs;
  tell(year, startedAtMs);
  for (const { kind, scheduleId, text } of year.findings)
    console.log(`${kind} ${scheduleId} ${text}`);
  const page = document({ span, year, kills, expected, jobs, seed, tookMs });
  if (write && only === '') {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/year.md'), page);
  } else console.log(page);
  const isSeen = only !== '' || TICK_OUTCOMES.every((outcome) => year.outcomes.has(outcome));
  const isProved = year.findings.length === 0 && year.decided === year.ticks && isSeen;
  console.log(isProved ? 'every tick has exactly one outcome' : 'NOT PROVED');
  return isProved ? 0 : 1;
}

/** Of a whole year each must be seen. */
const TICK_OUTCOMES = [
  'run',
  'skipped_overlap',
  'skipped_paused',
  'skipped_dependency',
  'missed_window',
  'missed_catchup',
  'expired',
];

/** The year, or what lies from the first to the last of its months that have `only` in their name, as `2028-03`. */
function spanOf(only) {
  const names = Array.from(
    { length: 12 },
    (_, month) => `${YEAR}-${String(month + 1).padStart(2, '0')}`,
  );
  const wanted = names.filter((name) => name.includes(only));
  if (wanted.length === 0) throw new Error(`no month of ${YEAR} has ${only} in its name`);
  return {
    fromAt: Date.UTC(YEAR, names.indexOf(wanted[0]), 1),
    untilAt: Date.UTC(YEAR, names.indexOf(wanted.at(-1)) + 1, 1),
  };
}

/** A copy, since the bundle may be made anew meanwhile. */
function programIn(scratch) {
  const copy = join(scratch, 'leader');
  cpSync(bundleLeader(), copy, { recursive: true });
  return join(copy, 'main.mjs');
}

function tell({ now, decided, ticks, kills, findings }, startedAtMs) {
  const seconds = Math.round((performance.now() - startedAtMs) / 1_000);
  const day = new Date(now).toISOString().slice(0, 10);
  console.log(
    `${day}: ${decided} of ${ticks} ticks decided, ${kills} deaths, ${findings.length} findings, after ${seconds} s`,
  );
}

function document({ span, year, kills, expected, jobs, seed, tookMs }) {
  const { fromAt, untilAt } = span;
  const count = (kind) => year.findings.filter((finding) => finding.kind === kind).length;
  const others = year.findings.length - count('missing') - count('double');
  const schedules = expected.schedules.length;
  const realMs = Math.round(tookMs / 1_000);
  const speed = Math.round((untilAt - fromAt) / tookMs);
  return `# A year in minutes

Written by \`npm run prove -- year --seed ${seed}\`, ${machineLine()}, tzdata ${process.versions.tz}.

The leader, as it is installed, runs on a real Redis through the year ${new Date(fromAt).getUTCFullYear()}. Its clocks and timers
(\`Date\`, \`performance\`, \`setTimeout\`, \`setInterval\`) are replaced by a clock that the test moves
(\`libs/testkit/src/virtual-time\`): it stops at each instant for which the leader has set a timer, and goes on when the
leader has no command at Redis and no file open any more. Everything else is real: processes, \`kill -9\`, sockets, scripts.
${schedules} schedules of ${jobs.length} jobs in ${zonesOf(jobs).length} zones (${zonesOf(jobs).join(', ')}), with every overlap
and catch-up policy, stand where it hurts: at times that a change of the clocks leaves out or repeats, on last days, nearest
weekdays and n-th weekdays, beside rhythms, \`@every\` and \`@at\`. There is no worker, so each run waits until its
\`start_deadline\` cancels it.

What is due is counted by the brute-force oracle (\`libs/schedule/src/oracle\`), which shares no code with the product. At
each return, each death and every six hours the records are read from Redis and held against its list: each tick is in one
record and in no other, under its own wall time; a decision to run has the run of that very tick and every run is of one;
the outcome is one that the job file allows for a decision made so late; it was made in the tick's own second or in the
first second after a return, of the leader or from a pause; no run is older than its deadline; watermark and number of records fit.

${table(
  ['', ''],
  [
    ['ticks, by the oracle', year.ticks],
    ['ticks with a recorded outcome', year.decided],
    ['missing', count('missing') + count('undecided')],
    ['double', count('double')],
    ['other findings', others - count('undecided')],
    ['records (some stand for a stretch of ticks)', year.records],
    ['decided at their own millisecond', year.atOnce],
    ['runs, each of a tick of its own', year.runs],
    ['changes of the clocks', expected.changes.length],
    ['pauses, of a job or of all', year.pauses],
    ['deaths of the leader', year.kills],
    ['hours without a leader', `${hoursOf(year.downMs)} of ${hoursOf(untilAt - fromAt)}`],
    ['real time', `${Math.floor(realMs / 60)} min ${realMs % 60} s, ${speed} times as fast`],
  ],
)}

${table(
  ['outcome', 'ticks'],
  [...year.outcomes].sort(([, a], [, b]) => b - a),
)}

${table(
  ['the leader died', 'times'],
  [
    ...[...new Set(kills.map(({ place }) => place))].map((place) => [
      place,
      kills.filter((kill) => kill.place === place).length,
    ]),
    ['once more, while it caught up', kills.filter(({ againMs }) => againMs !== null).length],
  ],
)}
`;
}

function hoursOf(ms) {
  return Math.round(ms / 3_600_000);
}
