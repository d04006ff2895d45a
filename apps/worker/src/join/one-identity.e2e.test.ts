import assert from 'node:assert/strict';
import { cpSync, existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  ClusterApi,
  makeTempDir,
  Site,
  startRedis,
  waitFor,
  type ClusterProcess,
} from '@petit/testkit';

const QUICK_RUNS = 24;
/** So that a log tells each start. */
const DEBUG = { PETIT_LOG_LEVEL: 'debug' };

test('P3 copies of a board’s data directory start no attempt that the board has started, nor one twice among them', async () => {
  await using scratch = await makeTempDir('petit-evidence-');
  const evidence = `${scratch.path}/evidence`;
  await using site = await Site.make(jobs(evidence));
  await using redis = await startRedis();
  const { leader, board } = startCluster(site, redis.socketPath);
  const api = new ClusterApi(() => addressOf(leader), site.path('leader', 'token'));
  await waitFor(async () => (await api.nodes()).nodes[0]?.state === 'live', {
    what: 'the board to be live',
    timeoutMs: 20_000,
  });

  copyDirectory(site, 'idle-copy');
  await api.trigger('slow', 'slow');
  await waitFor(() => startsIn(evidence).length === 1, { what: 'the slow task to start' });
  copyDirectory(site, 'busy-copy');
  const [idle, busy] = ['idle-copy', 'busy-copy'].map((name) =>
    site.worker(name, { environment: DEBUG }),
  ) as [ClusterProcess, ClusterProcess];
  // Only Redis decides while the leader stands still: it would give the attempt up as soon as it heard of a copy.
  leader.signal('SIGSTOP');
  idle.start();
  await idle.untilLogged('"why":"not_granted"');
  busy.start();
  await busy.untilLogged('"became":"has_ended"');
  leader.signal('SIGCONT');
  for (let run = 0; run < QUICK_RUNS; run += 1) await api.trigger('quick', `quick-${run}`);
  await waitFor(
    async () => {
      const all = await Promise.all([api.runs('quick', 100), api.runs('slow', 100)]);
      const runs = all.flatMap((each) => each.runs);
      return runs.length === QUICK_RUNS + 1 && runs.every(({ endedAt }) => endedAt !== null);
    },
    { what: 'every run to end', timeoutMs: 60_000, intervalMs: 100 },
  );
  assert.ok(!existsSync(`${evidence}.whole`), 'the slow task runs on, whatever is held of it');
  writeFileSync(`${evidence}.enough`, '');
  await waitFor(() => existsSync(`${evidence}.whole`), {
    what: 'the slow task to come to its own end, since nobody has ended it',
  });
  const starts = startsIn(evidence);
  assert.equal(new Set(starts).size, starts.length, 'each run started once');
  assert.ok(starts.length > QUICK_RUNS / 2, `${starts.length} starts`);
  const started = [board, idle, busy].filter((each) => each.log().includes('"msg":"started"'));
  assert.ok(started.length >= 2, 'more than one of them was given work');
});

/** The run of each start, as the tasks themselves wrote it down. */
function startsIn(evidence: string): readonly string[] {
  return existsSync(evidence) ? readFileSync(evidence, 'utf8').trim().split('\n') : [];
}

function jobs(evidence: string): Readonly<Record<string, string>> {
  const start = `echo $PETIT_RUN_ID >> ${evidence}`;
  const wait = `while [ ! -e ${evidence}.enough ]; do sleep 0.05; done; touch ${evidence}.whole`;
  const file = (id: string, script: string): string =>
    JSON.stringify({
      id,
      name: id,
      tasks: [{ id: 'only', type: 'command', command: 'sh', args: ['-c', script] }],
    });
  return { 'slow.yaml': file('slow', `${start}; ${wait}`), 'quick.yaml': file('quick', start) };
}

function startCluster(
  site: Site,
  socket: string,
): { readonly leader: ClusterProcess; readonly board: ClusterProcess } {
  const invitation = site.path('invitation');
  const leader = site.leader('leader', {
    environment: { PETIT_REDIS_URL: `unix:${socket}`, PETIT_WRITE_INVITE: invitation },
  });
  const board = site.worker('cube1', { environment: { ...DEBUG, PETIT_JOIN_FILE: invitation } });
  leader.start();
  board.start();
  return { leader, board };
}

function addressOf(leader: ClusterProcess): string {
  return /"address":"(http:[^"]+)"/.exec(leader.log())?.[1] ?? '';
}

/** As a person copies a directory to another machine, where the lock of the first means nothing. */
function copyDirectory(site: Site, name: string): void {
  cpSync(site.path('cube1'), site.path(name), {
    recursive: true,
    filter: (from) => !/\/lock-[^/]*$/.test(from) && !lstatSync(from).isSocket(),
  });
}
