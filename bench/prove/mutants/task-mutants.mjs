// Guards of what becomes of a run and its tasks.

const CRASH = 'apps/leader/dist/crash';

/** See `run-mutants.mjs` for what the fields mean. */
export const TASK_MUTANTS = [
  {
    name: 'the start token is not exclusive',
    promise: 'P3',
    edits: [
      [
        'libs/runner/supervisor/Petit/Attempt.pm',
        "link($draft, $path) ? 'taken'",
        "rename($draft, $path) ? 'taken'",
      ],
    ],
    quick: ['libs/runner/dist/start-once.e2e.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'leave does not look where the task is placed',
    promise: 'P3',
    edits: [
      [
        'libs/store/lua/worker/ask-leave.lua',
        'task.node == ARGV[3] and task.placement == tonumber(ARGV[2])',
        'true',
      ],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'leave is given more than once',
    promise: 'P3',
    edits: [
      [
        'libs/store/lua/worker/ask-leave.lua',
        "if task.state ~= 'placed' or (leave and string.find(leave, ARGV[2] .. '|', 1, true) == 1) then",
        'if false then',
      ],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [],
  },
  {
    name: 'a placement is withdrawn although leave was given',
    promise: 'P3',
    edits: [
      [
        'libs/store/lua/leader/commit-run.lua',
        "if leave and string.find(leave, ARGV[at + 2] .. '|', 1, true) == 1 then",
        'if false then',
      ],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [],
  },
  {
    name: 'what is placed is not delivered again by the next leader',
    promise: 'P2',
    edits: [
      [
        'apps/leader/dist/runs/run-follower.js',
        'this.#options.deliverer.deliver(run, key, record);',
        ';',
      ],
    ],
    quick: ['apps/leader/dist/term/term.redis.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'what has begun on a board is placed anywhere',
    promise: 'P3',
    edits: [
      ['apps/leader/dist/placement/placer.js', 'if (this.#bindToHolder(head))', 'if (false)'],
    ],
    quick: ['apps/leader/dist/term/term.redis.test.js'],
    tests: [],
  },
  {
    name: 'what nobody takes is not placed anew',
    promise: 'P2',
    edits: [
      ['apps/leader/dist/placement/placement-watch.js', 'void this.#withdraw(waiting, why);', ';'],
    ],
    quick: ['apps/leader/dist/term/term.redis.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'the rev of a run is not compared',
    promise: 'P4',
    edits: [
      ['libs/store/lua/leader/commit-run.lua', 'if state[1] ~= ARGV[5] then', 'if false then'],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [],
  },
  {
    name: 'signatures are not verified',
    promise: 'P9',
    edits: [
      [
        'libs/protocol/dist/wire/signed.js',
        'if (!verifyText(how.publicKey, how.kind, signed))',
        'if (false)',
      ],
    ],
    quick: ['libs/protocol/dist/wire/signed.test.js'],
    tests: [`${CRASH}/forged-deliveries.e2e.test.js`],
  },
  {
    name: 'all tasks start at once',
    promise: 'P7',
    edits: [
      ['libs/model/dist/run/advance.js', 'if (view.unsettled.get(id) === 0)', 'if (true)'],
      ['libs/model/dist/run/draft.js', "if (verdict.kind === 'start')", 'if (true)'],
    ],
    quick: [],
    tests: [`${CRASH}/three-branches.e2e.test.js`],
  },
];
