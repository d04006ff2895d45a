// What supervising a command costs, four ways and beside two floors, in one run: the measurement behind
// docs/decisions/0002-one-supervisor-for-a-board.md. Usage: node bench/spawn.mjs [--quick] [--scratch DIR] [--rest SECONDS]
// The scratch directory is in memory unless named: what a disk takes to make four small files differs by a factor of
// thirty between machines (ext4 without a journal searches for inodes that were not deleted in the last minute).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, closeSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { openRunner } from '@petit/runner';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 1 : 5;
const AT_ONCE = 8;
const TASKS_AT_ONCE = isQuick ? 100 : 400;
const TASKS_IN_ROW = isQuick ? 30 : 100;
const SLEEPERS = 25;

/** Between two rounds, on a machine that others use. */
const restAt = process.argv.indexOf('--rest');
const REST_MS = restAt < 0 ? 0 : Number(process.argv[restAt + 1]) * 1000;

const scratchAt = process.argv.indexOf('--scratch');
const scratch = mkdtempSync(
  join(scratchAt < 0 ? '/dev/shm' : process.argv[scratchAt + 1], 'petit-bench-spawn-'),
);
let lastTask = 0;

/** Makes an empty attempt directory, as the ways without a runner need one. */
function taskDirectory() {
  const path = join(scratch, `task-${(lastTask += 1)}`);
  mkdirSync(path);
  return path;
}

// A: one small shell for each command. `set -C` makes `>` an O_EXCL.
const SHELL_SUPERVISOR = `set -C; : > "$0/started" || exit 1; shift 0
"$@" > "$0/stdout" 2> "$0/stderr" < /dev/null & command=$!
echo "$command" >> "$0/started"; wait "$command"; echo "code=$?" > "$0/end"`;

// B: one long-lived Perl that forks a supervisor for each command.
const PERL_SPAWNER = String.raw`
use strict; use warnings; use Fcntl; $| = 1; $SIG{CHLD} = 'IGNORE';
while (my $line = <STDIN>) {
    my ($directory, @command) = split ' ', $line;
    next if fork; # the rest is the supervisor
    $SIG{CHLD} = 'DEFAULT';
    sysopen my $token, "$directory/started", O_WRONLY | O_CREAT | O_EXCL or exit 1;
    my $pid = fork;
    if (!$pid) {
        setpgrp 0, 0;
        syswrite $token, "command $$\n";
        my $flags = O_WRONLY | O_CREAT | O_APPEND;
        open my $answer, '>&', \*STDOUT;
        sysopen STDOUT, "$directory/stdout", $flags;
        sysopen STDERR, "$directory/stderr", $flags;
        exec { $command[0] } @command;
        exit 127;
    }
    waitpid $pid, 0;
    sysopen my $end, "$directory/end", O_WRONLY | O_CREAT;
    syswrite $end, "status=$?\n";
    syswrite STDOUT, "$directory\n";
    exit 0;
}`;

/** Each way: `run(argv)` resolves when the command has ended; `close`; `supervisors` counts their processes. */
const WAYS = {
  'node spawn, files, detached (floor)': () => ({
    run: async (argv) => {
      const path = taskDirectory();
      const files = ['stdout', 'stderr'].map((name) => openSync(join(path, name), 'a'));
      const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', ...files], detached: true });
      files.forEach((file) => closeSync(file));
      await once(child, 'exit');
    },
  }),
  'execa, stdio ignored (floor)': () => ({
    run: (argv) => execa(argv[0], argv.slice(1), { stdio: 'ignore', buffer: false, reject: false }),
  }),
  'A: execa -> sh supervisor, one a task': () => ({
    run: (argv) =>
      execa('sh', ['-c', SHELL_SUPERVISOR, taskDirectory(), ...argv], {
        stdio: 'ignore',
        buffer: false,
        detached: true,
        reject: false,
      }),
    names: /^sh$/,
  }),
  'B: perl spawner -> perl supervisor, one a task': () => {
    const spawner = execa('perl', ['-e', PERL_SPAWNER], { buffer: false, reject: false });
    const waiting = new Map();
    createInterface({ input: spawner.stdout }).on('line', (path) => {
      waiting.get(path)?.();
      waiting.delete(path);
    });
    return {
      run: (argv) => {
        const path = taskDirectory();
        return new Promise((resolve) => {
          waiting.set(path, resolve);
          spawner.stdin.write(`${path} ${argv.join(' ')}\n`);
        });
      },
      close: async () => {
        spawner.stdin.end();
        await spawner;
      },
      names: /^perl$/,
    };
  },
  'C: one perl supervisor for all (@petit/runner)': async () => {
    const dataDir = mkdtempSync(join(scratch, 'runner-'));
    const runner = await openRunner({ dataDir, bootId: 'bench', log: () => undefined });
    const waiting = new Map();
    runner.onEnd((attemptId) => {
      waiting.get(attemptId)?.();
      waiting.delete(attemptId);
    });
    return {
      run: async (argv) => {
        const attemptId = `task-${(lastTask += 1)}`;
        const ended = new Promise((resolve) => waiting.set(attemptId, resolve));
        const environment = { PATH: '/usr/bin:/bin' };
        const bounds = { cwd: '/', environment, timeoutMs: 60_000, killGraceMs: 1_000 };
        await runner.start({ attemptId, argv, ...bounds });
        await ended;
      },
      close: async () => {
        await runner.stopAll({ killGraceMs: 0 });
        await runner[Symbol.asyncDispose]();
      },
      names: /^petit-supervis/,
    };
  },
};

async function timeIt(count, atOnce, run) {
  const beganAt = performance.now();
  let left = count;
  const worker = async () => {
    while ((left -= 1) >= 0) await run(['/bin/true']);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - beganAt;
}

/** Memory of the supervising processes while `SLEEPERS` commands run, in kB: all of it, and per command. */
async function measureMemory(way) {
  if (way.names === undefined) return null;
  const before = supervising(way.names);
  const runs = Array.from({ length: SLEEPERS }, () => way.run(['/bin/sleep', '4']));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const during = supervising(way.names);
  await Promise.all(runs);
  const added = (name) => (during[name] - before[name]) / SLEEPERS;
  return { total: during, rss: added('rss'), pss: added('pss'), count: during.count };
}

/** Of this process' descendants (or orphans of this session) with such a name. */
function supervising(names) {
  const sum = { count: 0, rss: 0, pss: 0 };
  for (const pid of descendants(process.pid)) {
    try {
      if (!names.test(readFileSync(`/proc/${pid}/comm`, 'utf8').trim())) continue;
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      sum.count += 1;
      sum.rss += Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
      sum.pss += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // It ended while being looked at.
    }
  }
  return sum;
}

function descendants(pid) {
  const path = `/proc/${pid}/task`;
  const children = readFileSync(`${path}/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.flatMap((child) => {
    try {
      return [child, ...descendants(child)];
    } catch {
      return [];
    }
  });
}

const megabytes = (kilobytes) => (kilobytes / 1024).toFixed(2);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const results = Object.fromEntries(Object.keys(WAYS).map((name) => [name, { row: [], many: [] }]));
for (let round = 0; round < ROUNDS; round += 1) {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  for (const [name, open] of Object.entries(WAYS)) {
    const way = await open();
    await way.run(['/bin/true']);
    results[name].row.push((await timeIt(TASKS_IN_ROW, 1, way.run)) / TASKS_IN_ROW);
    results[name].many.push(
      TASKS_AT_ONCE / ((await timeIt(TASKS_AT_ONCE, AT_ONCE, way.run)) / 1000),
    );
    if (round === 0) results[name].memory = await measureMemory(way);
    await way.close?.();
  }
}
rmSync(scratch, { recursive: true, force: true });

const { stdout: perlVersion } = await execa('perl', ['-e', 'print $^V']);
console.log(
  `${cpus().length} x ${cpus()[0]?.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Linux ${release()}`,
);
console.log(
  `Node ${process.version}, perl ${perlVersion}, agent RSS ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`,
);
console.log(
  `median of ${ROUNDS} interleaved rounds, /bin/true; memory with ${SLEEPERS} sleeping commands; files in ${scratch}\n`,
);
const floor = median(results['execa, stdio ignored (floor)'].many);
const floorRow = median(results['execa, stdio ignored (floor)'].row);
console.log(
  '| way | ms each, in a row | over execa | a second, 8 at once | over execa | RSS / PSS a task, MB | RSS in all, MB |',
);
console.log('|---|---|---|---|---|---|---|');
for (const [name, { row, many, memory }] of Object.entries(results)) {
  const perTask = memory ? `${megabytes(memory.rss)} / ${megabytes(memory.pss)}` : '-';
  const inAll = memory ? `${megabytes(memory.total.rss)} (${memory.count} processes)` : '-';
  const [ms, rate] = [median(row), median(many)];
  console.log(
    `| ${name} | ${ms.toFixed(2)} | ${(ms / floorRow).toFixed(2)} | ${rate.toFixed(0)} | ${(rate / floor).toFixed(2)} | ${perTask} | ${inAll} |`,
  );
}
