/**
 * The house as data (docs/architecture.md draws it): a package may import those on lower floors.
 * testkit stands beside it: it uses the two it is listed above, and only tests and bench use it.
 */
export const FLOORS: Readonly<Record<string, number>> = {
  model: 0,
  schedule: 1,
  jobfile: 2,
  protocol: 2,
  testkit: 2.5,
  store: 3,
  queue: 3,
  runner: 3,
  client: 3,
  daemon: 3,
  leader: 4,
  worker: 4,
  ctl: 4,
  dashboard: 4,
  bench: 5,
};

/** The one package that is not part of the product. */
export const TESTKIT = 'testkit';

/** Who may import which package of npm; a name that ends in `/` stands for a whole scope. */
export const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  zod: ['model', 'jobfile', 'protocol', 'leader', 'worker', 'ctl'],
  'cron-parser': ['schedule'],
  yaml: ['jobfile'],
  ioredis: ['store', 'queue', 'leader', 'worker', 'testkit', 'bench'],
  bullmq: ['queue', 'bench'],
  execa: ['runner', 'ctl', 'testkit', 'bench'],
  pino: ['daemon', 'leader', 'worker'],
  'prom-client': ['daemon'],
  fastify: ['leader'],
  '@fastify/': ['leader'],
  'fastify-type-provider-zod': ['leader'],
  '@bull-board/': ['leader'],
  commander: ['worker', 'ctl'],
  picocolors: ['ctl'],
  'cli-table3': ['ctl'],
  'string-width': ['ctl'],
  preact: ['dashboard'],
  '@preact/': ['dashboard'],
  '@dagrejs/': ['dashboard'],
  uplot: ['dashboard'],
};

/** What tests may import from the root's own development packages. */
export const FOR_TESTS: readonly string[] = ['fast-check', 'playwright-core', 'axe-core', 'ajv'];

/** Doors of a package that are for some only: a worker cannot even import a write to a run. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  '@petit/store/leader': ['leader', 'bench'],
  '@petit/store/worker': ['worker', 'bench'],
  // Tests anywhere; no program that is judged by it.
  '@petit/schedule/oracle': ['bench'],
};

/** Folders of one package that may not import one another; `shared` is below the other two. */
export const ROOMS_APART: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  store: { leader: ['worker'], worker: ['leader'], shared: ['leader', 'worker'] },
};
