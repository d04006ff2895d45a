import assert from 'node:assert/strict';
import { cpSync, existsSync, lstatSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  ClusterApi,
  evidentTask,
  jobFileOf,
  makeTempDir,
  parseEvidence,
  Site,
  startRedis,
  waitFor,
  type ClusterProcess,
  type Evidence,
} from '@petit/testkit';

const QUICK_RUNS = 24;
/** So that a log tells each start. */
const DEBUG = { PETIT_LOG_LEVEL: 'debug' };

test('P3 copies of a board’s data directory start no attempt that the board has started, nor one twice among them', async () => {
  await using scratch = await makeTempDir('petit-evidence-');
  const path = `${scratch.path}/evidence`;
  await using site = await Site.make({
    'slow.yaml': jobFileOf(jobOf('slow', 8_000), path),
    'quick.yaml': jobFileOf(jobOf('quick', 50), path),
  });
  await using redis = await startRedis();
  const { leader, board } = startCluster(site, redis.socketPath);
  const evidence = (): Evidence =>
    parseEvidence(existsSync(path) ? readFileSync(path, 'utf8') : '');
  const api = new ClusterApi(() => addressOf(leader), site.path('leader', 'token'));
  await waitFor(async () => (await api.nodes()).nodes[0]?.state === 'live', {
    what: 'the board to be live',
    timeoutMs: 20_000,
  });

  copyDirectory(site, 'idle-copy');
  const slow = await api.trigger('slow', 'slow');
  await waitFor(() => evidence().lines.length === 1, { what: 'the slow task to start' });
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
  await waitFor(
    () => evidence().lines.some(({ event, run }) => event === 'end' && run === slow.runId),
    { what: 'the slow task to come to its own end, since nobody has ended it' },
  );
  const starts = new Map<string, number>();
  for (const { event, run } of evidence().lines)
    if (event === 'start') starts.set(run, (starts.get(run) ?? 0) + 1);
  assert.deepEqual(
    [...starts.values()].filter((count) => count !== 1),
    [],
  );
  const startedBy = [board, idle, busy].filter((each) => each.log().includes('"msg":"started"'));
  assert.ok(startedBy.length >= 2, 'more than one of them was given work');
});

function jobOf(id: string, busyMs: number): Parameters<typeof jobFileOf>[0] {
  return { id, schedule: null, tasks: [evidentTask({ id: 'only', busyMs })] };
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
