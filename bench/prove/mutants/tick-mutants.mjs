// Guards of when something is due, and of one decision for each tick.

const CRASH = 'apps/leader/dist/crash';
const TIME = 'libs/schedule/dist';
/** A share of `npm run prove -- time`. */
const PROOF = `${TIME}/proof/prove-zone.test.js`;

/** See `run-mutants.mjs` for what the fields mean. */
export const TICK_MUTANTS = [
  {
    name: 'the watermark is not compared',
    promise: 'P1',
    edits: [
      [
        'libs/store/lua/leader/decide-ticks.lua',
        "if (redis.call('HGET', KEYS[3], ARGV[4]) or '') ~= ARGV[5] then",
        'if false then',
      ],
    ],
    quick: ['libs/store/dist/leader/tick-store.redis.test.js'],
    tests: [`${CRASH}/lost-answers.e2e.test.js`],
  },
  {
    name: 'epoch and token are not compared',
    promise: 'P5',
    edits: [
      [
        'libs/store/lua/shared/fence.lua',
        'if held[1] == epoch and held[2] == token then',
        'if true then',
      ],
    ],
    quick: [
      'libs/store/dist/leader/run-store.redis.test.js',
      'libs/store/dist/leader/tick-store.redis.test.js',
    ],
    tests: [`${CRASH}/takeover.e2e.test.js`],
  },
  {
    name: 'a repeated time runs the last time, not the first',
    promise: 'P1',
    edits: [[`${TIME}/dst-policy.js`, "overlap: 'first'", "overlap: 'last'"]],
    quick: [`${TIME}/tick/dst.test.js`],
    tests: [PROOF],
  },
  {
    name: 'a time in a gap is skipped',
    promise: 'P1',
    edits: [[`${TIME}/dst-policy.js`, "gap: 'run_once'", "gap: 'skip'"]],
    quick: [`${TIME}/tick/dst.test.js`],
    tests: [PROOF],
  },
  {
    name: 'the end of a repeated hour counts as repeated',
    promise: 'P1',
    edits: [
      [
        `${TIME}/tick/cron-ticks.js`,
        'wall < segment.startAt + segment.offsetBeforeMs',
        'wall <= segment.startAt + segment.offsetBeforeMs',
      ],
    ],
    quick: [`${TIME}/tick/dst.test.js`],
    tests: [PROOF],
  },
  {
    name: 'the beginning of a repeated hour does not count as repeated',
    promise: 'P1',
    edits: [
      [
        `${TIME}/tick/cron-ticks.js`,
        'wall >= segment.endAt + segment.offsetAfterMs',
        'wall > segment.endAt + segment.offsetAfterMs',
      ],
    ],
    quick: [`${TIME}/tick/dst.test.js`],
    tests: [PROOF],
  },
  {
    name: 'the first second of a gap is not in it',
    promise: 'P1',
    edits: [[`${TIME}/tick/cron-ticks.js`, 'wall < walls.until', 'wall <= walls.until']],
    quick: [`${TIME}/tick/dst.test.js`],
    tests: [PROOF],
  },
  {
    name: 'a tick comes after itself',
    promise: 'P1',
    edits: [
      [
        `${TIME}/tick/cron-ticks.js`,
        [
          'export function nextCronTick(source, after) {',
          '    let cursor = Math.floor(after / SECOND_MS) * SECOND_MS + SECOND_MS;',
        ].join('\n'),
        [
          'export function nextCronTick(source, after) {',
          '    let cursor = Math.floor(after / SECOND_MS) * SECOND_MS;',
        ].join('\n'),
      ],
    ],
    quick: [`${TIME}/tick/dst.test.js`],
    tests: [PROOF],
  },
  {
    name: 'a tick at the end of a range is not in it',
    promise: 'P1',
    edits: [[`${TIME}/tick/next-tick.js`, 'tick.at <= range.until', 'tick.at < range.until']],
    quick: [`${TIME}/parse-schedule.test.js`],
    tests: [PROOF],
  },
  {
    name: 'a tick at the end of a range is not counted',
    promise: 'P1',
    edits: [
      [
        `${TIME}/tick/cron-ticks.js`,
        'const end = Math.floor(until / SECOND_MS) * SECOND_MS + SECOND_MS;',
        'const end = Math.floor(until / SECOND_MS) * SECOND_MS;',
      ],
    ],
    quick: [`${TIME}/plan/plan-ticks.test.js`],
    tests: [PROOF],
  },
  {
    name: '2100 is a leap year',
    promise: 'P1',
    edits: [[`${TIME}/calendar.js`, '(year % 100 !== 0 || year % 400 === 0)', 'true']],
    quick: [`${TIME}/cron/special-days.test.js`],
    tests: [],
  },
  {
    name: 'a pattern that never fires is taken',
    promise: 'P1',
    edits: [[`${TIME}/cron/parse-cron.js`, 'return everMatches(pattern)', 'return true']],
    quick: [`${TIME}/cron/special-days.test.js`],
    tests: [],
  },
  {
    name: 'both day fields must fit, as with +',
    promise: 'P1',
    edits: [[`${TIME}/cron/parse-cron.js`, "ofWeek.joined ? 'both' : 'either'", "'both'"]],
    quick: [`${TIME}/ocps.test.js`],
    tests: [PROOF],
  },
  {
    name: 'H is not the same for a job each time',
    promise: 'P1',
    edits: [
      [`${TIME}/cron/spread.js`, 'hash.readUInt32BE(0) %', 'Math.floor(Math.random() * 2 ** 32) %'],
    ],
    quick: [`${TIME}/cron/spread.test.js`],
    tests: [],
  },
  {
    name: 'H is the same for all jobs',
    promise: 'P1',
    edits: [[`${TIME}/cron/spread.js`, '`${input.jobId}\\n${input.field}`', 'input.field']],
    quick: [`${TIME}/cron/spread.test.js`],
    tests: [],
  },
  {
    name: 'what the watermark covers is decided again',
    promise: 'P1',
    edits: [
      [
        `${TIME}/plan/plan-ticks.js`,
        'nextTick(schedule, watermarkAt)',
        'nextTick(schedule, watermarkAt - 1)',
      ],
    ],
    quick: [`${TIME}/plan/plan-ticks.test.js`],
    tests: [],
  },
  {
    name: 'max_catchup is ignored',
    promise: 'P1',
    edits: [
      [`${TIME}/plan/plan-ticks.js`, '{ ...range, limit: max }', '{ ...range, limit: 1_000 }'],
    ],
    quick: [`${TIME}/plan/catch-up.test.js`],
    tests: [],
  },
  {
    name: 'catchup_window is ignored',
    promise: 'P1',
    edits: [
      [
        `${TIME}/plan/plan-ticks.js`,
        'Math.max(watermarkAt, missed.now - windowMs - 1)',
        'watermarkAt',
      ],
    ],
    quick: [`${TIME}/plan/catch-up.test.js`],
    tests: [],
  },
  {
    name: 'a plan has as many runs as there are',
    promise: 'P1',
    edits: [[`${TIME}/plan/plan-ticks.js`, 'runs > RUNS_PER_PLAN', 'false']],
    quick: [`${TIME}/absurd-schedules.test.js`],
    tests: [],
  },
  {
    name: 'pauses are ignored',
    promise: 'P1',
    edits: [[`${TIME}/plan/plan-ticks.js`, 'mergePauses(due.pauses)', '[]']],
    // Its stories at random take more than the few seconds that the suite has for this.
    quick: [],
    tests: [`${TIME}/plan/pause.test.js`],
  },
  {
    name: 'a tick at the beginning of a pause is in it',
    promise: 'P1',
    edits: [[`${TIME}/plan/pause.js`, 'at > pause.fromAt', 'at >= pause.fromAt']],
    // Its stories at random take more than the few seconds that the suite has for this.
    quick: [],
    tests: [`${TIME}/plan/pause.test.js`],
  },
  {
    name: 'a tick at the end of a pause is not in it',
    promise: 'P1',
    edits: [[`${TIME}/plan/pause.js`, 'at <= endOf(pause)', 'at < endOf(pause)']],
    // Its stories at random take more than the few seconds that the suite has for this.
    quick: [],
    tests: [`${TIME}/plan/pause.test.js`],
  },
  {
    name: 'jitter is another one each time',
    promise: 'P1',
    edits: [[`${TIME}/plan/jitter.js`, 'hash.readUInt32BE(0) / 2 ** 32', 'Math.random()']],
    quick: [`${TIME}/plan/deadline-and-jitter.test.js`],
    tests: [],
  },
  {
    name: 'what is caught up is released all at once',
    promise: 'P1',
    edits: [[`${TIME}/plan/decide-caught-up.js`, 'releaseAt += given.release.everyMs;', ';']],
    quick: [`${TIME}/plan/catch-up.test.js`],
    tests: [],
  },
  {
    name: 'a plan does not wait for the releases of the one before',
    promise: 'P1',
    edits: [
      [
        `${TIME}/plan/plan-ticks.js`,
        'let releaseFromAt = Math.max(input.now, input.release.fromAt);',
        'let releaseFromAt = input.now;',
      ],
    ],
    quick: [`${TIME}/plan/catch-up.test.js`],
    tests: [],
  },
  {
    name: 'a tick at its start_deadline has expired',
    promise: 'P1',
    edits: [
      [
        `${TIME}/plan/decide-live.js`,
        'now <= tick.at + policy.startDeadlineMs',
        'now < tick.at + policy.startDeadlineMs',
      ],
    ],
    quick: [`${TIME}/plan/deadline-and-jitter.test.js`],
    tests: [],
  },
  {
    name: 'a tick of a minute ago was missed',
    promise: 'P1',
    edits: [
      [
        `${TIME}/plan/plan-ticks.js`,
        'newest.at >= now - LIVE_TICK_MS',
        'newest.at > now - LIVE_TICK_MS',
      ],
    ],
    quick: [`${TIME}/plan/plan-ticks.test.js`],
    tests: [],
  },
  {
    name: 'what Redis has forgotten is decided anew',
    promise: 'P1',
    edits: [
      [
        'apps/leader/dist/ticks/ticker.js',
        'const known = this.#recent.from(schedule.id, schedule.watermarkAt);',
        'const known = null;',
      ],
    ],
    quick: ['apps/leader/dist/ticks/ticker.redis.test.js'],
    tests: [],
  },
];
