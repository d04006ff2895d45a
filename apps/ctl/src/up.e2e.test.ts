import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isProcessAlive, makeTempDir, waitFor, type TempDir } from '@petit/testkit';
import { assertNothingLeft, processesOf, shell, startUp } from './testing/start-up.fixture.js';

const JOBS: Readonly<Record<string, string>> = {
  hello: `
  - {id: say, type: command, command: echo, args: [hello from a board]}`,
  fails: `
  - {id: broken, type: command, command: sh, args: [-c, "echo oh no >&2; exit 3"]}`,
  forever: `
  - {id: wait, type: command, command: sleep, args: ["600"]}`,
  pipeline: `
  - {id: extract, type: command, command: sleep, args: ["0.2"]}
  - {id: left, type: command, command: sleep, args: ["0.2"], depends_on: [extract], runs_on: {role: storage}}
  - {id: right, type: command, command: sleep, args: ["0.2"], depends_on: [extract], runs_on: {role: compute}}
  - {id: load, type: command, command: "true", depends_on: [left, right]}
  - {id: alarm, type: command, command: "true", depends_on: [load], condition: on_failure}`,
};

async function makeHome(
  jobs: Readonly<Record<string, string>> = JOBS,
  name = '',
): Promise<TempDir> {
  const temp = await makeTempDir(`petit-up-${name}`);
  mkdirSync(join(temp.path, 'jobs'));
  for (const [id, tasks] of Object.entries(jobs)) {
    writeFileSync(
      join(temp.path, 'jobs', `${id}.yaml`),
      `id: ${id}\nname: ${id}\ntasks:${tasks}\n`,
    );
  }
  return temp;
}

test('up runs a whole cluster that another shell can use, and Ctrl-C leaves nothing but the history', async (t) => {
  await using home = await makeHome();
  const run = (line: string) => shell(line, home.path);
  {
    await using up = startUp(['jobs', '--port', '18565'], home.path);
    await up.printed(/ stop {2,}Ctrl-C/);

    await t.test('its first run is told change by change, each on a board that fits', () => {
      const text = up.text();
      assert.match(text, /✓ extract completed on cube[12] in /);
      assert.match(text, /✓ left completed on cube1 in /);
      assert.match(text, /✓ right completed on cube2 in /);
      assert.match(text, /– alarm skipped: nothing that it depends on has failed/);
      assert.match(text, /✓ pipeline completed [0-9a-f]{8} in /);
      assert.doesNotMatch(text, /from before|ended by itself/);
    });

    await t.test(
      'trigger --wait exits 0 for a run that completes, 1 for one that fails, 3 for no job',
      async () => {
        const hello = await run('trigger hello --wait');
        assert.deepEqual([hello.exitCode, hello.stderr], [0, '']);
        assert.match(hello.stdout, /✓ say completed on cube[12]/);
        const fails = await run('trigger fails --wait');
        assert.equal(fails.exitCode, 1);
        assert.match(fails.stderr, /broken failed on cube[12]: command exited with code 3/);
        const nosuch = await run('trigger nosuch --wait');
        assert.deepEqual([nosuch.exitCode, nosuch.stdout], [3, '']);
        assert.match(nosuch.stderr, /nosuch/);
      },
    );

    await t.test('what the tasks printed is there, live and after', async () => {
      assert.equal((await run('logs hello:last')).stdout, 'hello from a board\n');
      assert.equal((await run('logs fails:last broken -f')).stdout, 'oh no\n');
      assert.equal((await run('trigger hello --follow')).stdout, 'hello from a board\n');
    });

    await t.test('a key asked twice is one run; a run can be cancelled and explained', async () => {
      const [first, second] = [
        await run('trigger forever --json --idempotency-key one'),
        await run('trigger forever --json --idempotency-key one'),
      ].map(({ stdout }) => JSON.parse(stdout) as { runId: string; created: boolean });
      assert.equal(first?.created, true);
      assert.deepEqual(second, { ...first, created: false });
      assert.equal((await run(`cancel ${first?.runId.slice(0, 13)}`)).exitCode, 0);
      await waitFor(async () => (await run('run forever:last')).stdout.startsWith('⊘'), {
        what: 'the run to be cancelled',
        timeoutMs: 20_000,
        intervalMs: 200,
      });
      const explained = (await run('explain forever:last')).stdout;
      assert.match(explained, /somebody asked for it \(petit-ctl \S+@\S+\); it is cancelled/);
      assert.match((await run('runs --job forever')).stdout, /by hand \(petit-ctl \S+@\S+\)/);
      assert.equal((await run('cancel forever:last')).exitCode, 6);
    });

    await t.test('reading commands know the boards, the jobs and the runs', async () => {
      const { nodes } = JSON.parse((await run('nodes --json')).stdout) as {
        nodes: { node: string }[];
      };
      assert.deepEqual(nodes.map(({ node }) => node).toSorted(), ['cube1', 'cube2']);
      assert.match((await run('jobs')).stdout, /^hello +1 +by hand/m);
      assert.match((await run('runs --job hello -n 1')).stdout, /hello +✓ completed/);
      assert.match((await run('nodes cordon cube2')).stdout, /cube2 +● live, /);
      assert.equal((await run('nodes uncordon cube2')).exitCode, 0);
      await waitFor(async () => /cube2 +● live {2}/.test((await run('nodes')).stdout), {
        what: 'cube2 to take work again',
        intervalMs: 200,
      });
    });

    await t.test(
      'a second up in the same directory is refused, with the pid of the first',
      async () => {
        const second = await run('up jobs');
        assert.equal(second.exitCode, 75);
        assert.match(second.stderr, new RegExp(`in use by process ${up.pid};`));
      },
    );

    await t.test('a leader that dies is shown and started again', async () => {
      const leader = processesOf(home.path).find((line) => line.includes('petit-leader'));
      const pid = Number(leader?.split(' ')[0]);
      assert.ok(isProcessAlive(pid), leader);
      process.kill(pid, 'SIGKILL');
      await up.printed(/leader +ended by itself \(SIGKILL\); it is started again/);
      await waitFor(async () => (await run('trigger hello --wait')).exitCode === 0, {
        what: 'a new leader to run a job',
        timeoutMs: 60_000,
        intervalMs: 200,
      });
    });

    await t.test(
      'Ctrl-C ends boards, then leader, then Redis, and the tasks with them',
      async () => {
        await run('trigger forever');
        await waitFor(() => processesOf(home.path).some((line) => line.includes('sleep 600')), {
          what: 'the task to run',
          timeoutMs: 20_000,
        });
        up.signalGroup('SIGINT');
        assert.equal(await up.ended, 0);
        await assertNothingLeft(home.path);
      },
    );
  }

  await t.test(
    'with no leader the exit code is 4, with the address and the last answer as of then',
    async () => {
      const { exitCode, stdout, stderr } = await run('runs --job hello -n 1');
      assert.deepEqual([exitCode, stdout], [4, '']);
      assert.match(stderr, /no leader answered at http:\/\/127.0.0.1:18565: connection refused/);
      assert.match(
        stderr,
        /Not live: "petit-ctl runs --job hello" shown as of \d\d:\d\d:\d\d, .* ago\./,
      );
      assert.match(stderr, /┆ .* hello +✓ completed/);
    },
  );

  await t.test(
    'a second start goes on with the history, on another port when its own is taken',
    async () => {
      const taken = createServer().listen(18_565, '127.0.0.1');
      await once(taken, 'listening');
      await using up = startUp(['jobs', '--port', '18565'], home.path);
      await up.printed(/ stop {2,}Ctrl-C/);
      taken.close();
      assert.match(up.text(), /18565 is taken, so it is 18566/);
      assert.match(up.text(), /history +\d+ runs from before/);
      assert.match((await run('run forever:last')).stdout, /stopped on request/);
      process.kill(up.pid, 'SIGTERM');
      assert.equal(await up.ended, 0);
      await assertNothingLeft(home.path);
    },
  );

  await t.test('--once ends with the run: 0 when it completes', async () => {
    const { exitCode, stdout } = await run('up jobs --once --port 18565');
    assert.equal(exitCode, 0, stdout);
    await assertNothingLeft(home.path);
  });
});

test('--once exits 1 when the run does not complete, also where the path is too long for a socket', async () => {
  await using home = await makeHome({ fails: JOBS['fails'] ?? '' }, 'a'.repeat(100));
  const { exitCode, stderr } = await shell('up jobs --once --port 18575', home.path);
  assert.equal(exitCode, 1);
  assert.match(stderr, /broken failed/);
  assert.deepEqual(
    readdirSync(tmpdir()).filter((entry) => /^petit-[0-9a-f]{16}$/.test(entry)),
    [],
  );
  await assertNothingLeft(home.path);
});

test('an up that is killed takes its cluster and its tasks with it', async (t) => {
  if (!readdirSync('/usr/bin').includes('setpriv')) return t.skip('needs setpriv of util-linux');
  await using home = await makeHome({ pipeline: JOBS['forever'] ?? '' });
  await using up = startUp(['jobs', '--port', '18585'], home.path);
  await up.printed(/● wait running on/);
  await waitFor(() => processesOf(home.path).some((line) => line.includes('sleep 600')), {
    what: 'the task to run',
  });
  assert.ok(processesOf(home.path).length >= 6, processesOf(home.path).join('\n'));
  process.kill(up.pid, 'SIGKILL');
  assert.equal(await up.ended, 'SIGKILL');
  await waitFor(() => processesOf(home.path).length === 0, {
    what: 'everything to end',
    timeoutMs: 30_000,
  });
});

test('a directory that holds no job file, or a port that cannot be, is refused before anything starts', async () => {
  await using home = await makeHome({});
  assert.equal((await shell('up jobs', home.path)).exitCode, 3);
  assert.equal((await shell('up jobs --port 0', home.path)).exitCode, 2);
  assert.deepEqual(readdirSync(home.path), ['jobs']);
});
