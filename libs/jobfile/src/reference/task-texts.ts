import type {
  commandTaskShape,
  needsShape,
  pythonTaskShape,
  retryShape,
  taskKeys,
} from '../shape/file-shape.js';
import type { TextsOf } from './key-text.js';

/** The keys of a task of any type. */
export const TASK_TEXTS: TextsOf<typeof taskKeys> = {
  id: {
    text: 'What the task is called: in `depends_on` of other tasks, in commands and logs. Once in a job.',
    absent: null,
    example: 'extract',
  },
  name: {
    text: 'What people are shown.',
    absent: 'the id',
    example: 'Extract rows',
  },
  depends_on: {
    text: 'The ids of the tasks of this job that must end before this one may start.',
    absent: 'none: it starts with the run',
    example: ['extract'],
  },
  condition: {
    text: 'How those in `depends_on` must have ended: `all_success`, `on_failure` (one of them failed), `all_done` or `always` (however).',
    absent: '`all_success`',
    example: 'on_failure',
  },
  environment: {
    text: 'Environment variables for this task.',
    absent: "the job's",
    example: { LEVEL: 'debug' },
  },
  retry: {
    text: 'Whether and when the task is tried again after a failure.',
    absent: '`default_retry` of the file of defaults, else no retries',
    example: { max_attempts: 3, delay: '10s' },
  },
  timeout: {
    text: 'How long an attempt may take before everything of it is ended. A duration, longer than nothing.',
    absent: 'no limit',
    example: '5m',
  },
  timeout_secs: {
    text: 'The same in whole seconds. Only one of the two.',
    absent: 'no limit',
    example: 300,
  },
  kill_grace: {
    text: 'How long a task that is told to end (SIGTERM) may take before it is killed (SIGKILL). A duration.',
    absent: '`10s`',
    example: '30s',
  },
  working_dir: {
    text: 'The directory that the command starts in, by its full path on the node that runs it.',
    absent: 'a new, empty directory of the attempt',
    example: '/srv/photos',
  },
  runs_on: {
    text: 'Labels that a node must have, each with this value. `node` is its name; the others come from the board or from you.',
    absent: 'any node',
    example: { arch: 'arm64' },
  },
  every: {
    text: '`true`: once on each node that fits, at the same time. Tasks after it wait for all of them.',
    absent: '`false`: once, on one node',
    example: true,
  },
  needs: {
    text: 'What an attempt takes up on its node while it runs.',
    absent: '`{slots: 1}`',
    example: { slots: 2 },
  },
  idempotent: {
    text: '`true`: the task may run again when its node was lost and nobody knows how it ended.',
    absent: '`false`: it is never started twice by itself',
    example: true,
  },
};

/** What a task of type `command` has besides. */
export const COMMAND_TEXTS: TextsOf<Omit<typeof commandTaskShape.shape, keyof typeof taskKeys>> = {
  type: {
    text: 'What kind of task it is: `command` starts a program.',
    absent: null,
    example: 'command',
  },
  command: {
    text: 'The program, by its path or as found in `PATH`. No shell is in between: name one (`sh`) where you want one.',
    absent: null,
    example: '/usr/bin/rsync',
  },
  args: {
    text: 'Its arguments, each handed over as it stands.',
    absent: 'none',
    example: ['-a', '/photos', '/cellar'],
  },
};

/** What a task of type `python` has besides. */
export const PYTHON_TEXTS: TextsOf<Omit<typeof pythonTaskShape.shape, keyof typeof taskKeys>> = {
  type: {
    text: 'What kind of task it is: `python` runs `python3`.',
    absent: null,
    example: 'python',
  },
  script: {
    text: 'The path of a script on the node, or with `inline: true` the code itself.',
    absent: null,
    example: '/srv/reports/report.py',
  },
  inline: {
    text: '`true`: `script` is the code itself, `false`: the path of a file.',
    absent: '`false`',
    example: true,
  },
};

/** The keys of `retry`. */
export const RETRY_TEXTS: TextsOf<typeof retryShape.shape> = {
  max_attempts: {
    text: 'How often it is tried again after the first try.',
    absent: null,
    example: 3,
  },
  delay: {
    text: 'How long to wait before each further try. A duration.',
    absent: '`0s`',
    example: '1m',
  },
  delay_secs: {
    text: 'The same in whole seconds. Only one of the two.',
    absent: '0',
    example: 60,
  },
  condition: {
    text: 'After which failures: `always`, `transient_only` (a timeout, a signal, a lost node; not an exit code), or `never`.',
    absent: '`always`',
    example: 'transient_only',
  },
};

/** The keys of `needs`. */
export const NEEDS_TEXTS: TextsOf<typeof needsShape.shape> = {
  slots: {
    text: 'How many of the slots of its node. A node has as many as its worker was started with.',
    absent: '1',
    example: 2,
  },
};
