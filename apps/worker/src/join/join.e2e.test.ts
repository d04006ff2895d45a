import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PRESENCE } from '@petit/protocol';
import { ClusterApi, Site, startRedis, waitFor, type RunResult } from '@petit/testkit';

test('a real leader admits one board by a name, and none by a token that is another’s or damaged', async (t) => {
  await using site = await Site.make();
  await using redis = await startRedis();
  const environment = { PETIT_REDIS_URL: `unix:${redis.socketPath}` };
  const invitation = site.path('invitation');
  const leader = site.leader('leader', {
    environment: { ...environment, PETIT_WRITE_INVITE: invitation },
  });
  leader.start();
  await leader.untilLogged('leader_started');
  const token = readFileSync(invitation, 'utf8').trim();
  const join = (home: string, by: string, name: string): Promise<RunResult> =>
    site.run(home, { program: 'worker', args: ['join', by, '--name', name] });

  await t.test(
    'a second board of the same name is refused by join and by run, and the first stays',
    async () => {
      site.worker('cube1', { environment: { PETIT_JOIN_FILE: invitation } }).start();
      const api = new ClusterApi(
        () => /"address":"(http:[^"]+)"/.exec(leader.log())?.[1] ?? '',
        site.path('leader', 'token'),
      );
      const isLive = async (): Promise<boolean> => (await api.nodes()).nodes[0]?.state === 'live';
      await waitFor(isLive, { what: 'cube1 to be live', timeoutMs: 3 * PRESENCE.beatMs });
      const [byJoin, byRun] = await Promise.all([
        join('other', token, 'cube1'),
        site.run('third', {
          program: 'worker',
          args: ['run'],
          environment: { PETIT_NODE: 'cube1', PETIT_JOIN_FILE: invitation },
        }),
      ]);
      for (const { exitCode, stderr } of [byJoin, byRun]) {
        assert.equal(exitCode, 6, stderr);
        assert.match(
          stderr,
          /petit-worker: another worker of this cluster has the name cube1.*--name/,
        );
      }
      assert.deepEqual([(await api.nodes()).nodes.length, await isLive()], [1, true]);
      assert.equal(
        (await join('other', token, 'cube2')).exitCode,
        0,
        'under a name of its own it may',
      );
    },
  );

  await t.test('a token that was cut on its way is refused before anything is asked', async () => {
    const cut = await join('cut', token.slice(0, -20), 'cube3');
    assert.equal(cut.exitCode, 5);
    assert.match(cut.stderr, /this is not a whole invitation/);
  });

  await t.test(
    'a token of another cluster is refused by the leader that is there now',
    async () => {
      await leader.stop();
      const next = site.leader('next-leader', { environment });
      next.start();
      await next.untilLogged('"role":"active"');
      const [freshName, knownName] = await Promise.all([
        join('late', token, 'cube4'),
        site.run('cube1-again', { program: 'worker', args: ['join', token, '--name', 'cube1'] }),
      ]);
      assert.equal(freshName.exitCode, 5, freshName.stderr);
      assert.match(freshName.stderr, /the leader refused the invitation of cube4.*another cluster/);
      assert.equal(knownName.exitCode, 6, knownName.stderr);
    },
  );
});
