import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { decodeInvitation, encodeInvitation } from '@petit/protocol';
import {
  asSettings,
  freePort,
  guideLines,
  Site,
  startRedis,
  waitFor,
  type RedisServer,
  type RunResult,
} from '@petit/testkit';
import { makeCertificates } from './make-certificates.fixture.js';

const PASSWORD = 'hush-hush';
const JOBS = {
  'hello.yaml': `
id: hello
name: Hello
tasks:
  - {id: greet, type: command, command: echo, args: [hello]}
`,
};

type Settings = Readonly<Record<string, string>>;

/** A Redis with TLS on a port, set up as docs/guide/security.md says, and the settings of a leader that go with it. */
interface TlsRedis {
  readonly server: RedisServer;
  readonly url: string;
  readonly settings: Settings;
}

test('everything goes over TLS, the authority travels in the invitation, and no other one is believed', async (t) => {
  await using site = await Site.make(JOBS);
  const [ca, otherCa] = await makeAuthorities(t, site);
  if (ca === undefined || otherCa === undefined) return;
  const redis = await startTlsRedis(t, site.path('authority'));
  if (redis === null) return;
  await using _server = redis.server;
  const leader = site.leader('leader', { environment: redis.settings });
  leader.start();
  const ctl = (line: string): Promise<RunResult> => runCtl(site, leader.log(), line);

  await t.test('a strict leader has nothing to say against this Redis', async () => {
    await leader.untilLogged('"msg":"leader_started"');
    assert.doesNotMatch(leader.log(), /redis_exposed/);
    await waitFor(async () => (await ctl('nodes')).exitCode === 0, { what: 'the leader to lead' });
  });

  await t.test('a worker that has nothing but its invitation joins and runs tasks', async () => {
    const invitation = (await ctl('nodes invite --json')).stdout;
    const { token } = JSON.parse(invitation) as { readonly token: string };
    const { redis: told } = decodeInvitation(token);
    assert.deepEqual(told, { url: redis.url, ca });
    const joined = await joinAs(site, 'cube1', token);
    assert.deepEqual([joined.exitCode, joined.stderr], [0, '']);
    site.worker('cube1').start();
    const hello = await ctl('trigger hello --wait');
    assert.equal(hello.exitCode, 0, hello.stderr);
    assert.match(hello.stdout, /greet completed on cube1/);
    const forged = [otherCa, null].map((each) =>
      encodeInvitation({ ...decodeInvitation(token), redis: { ...told, ca: each } }),
    );
    const refused = await Promise.all(forged.map((each, at) => joinAs(site, `forged-${at}`, each)));
    for (const { exitCode, stderr } of refused) {
      assert.equal(exitCode, 5);
      assert.match(stderr, /rediss:\/\/:\*\*\*@127\.0\.0\.1.* its certificate is not trusted/);
    }
  });

  await t.test(
    'a leader with another authority, or a name the certificate is not for, is refused',
    async () => {
      const attempts: readonly Settings[] = [
        { ...redis.settings, PETIT_REDIS_CA: site.path('other-authority', 'ca.pem') },
        { ...redis.settings, PETIT_REDIS_URL: redis.url.replace('127.0.0.1', 'localhost') },
      ];
      const refused = await Promise.all(
        attempts.map((environment, at) =>
          site.run(`leader-${at}`, { program: 'leader', args: [], environment }),
        ),
      );
      for (const { exitCode, stderr } of refused) {
        assert.equal(exitCode, 78, stderr);
        assert.match(stderr, /petit-leader: Redis at .* its certificate is not trusted/);
        assert.doesNotMatch(stderr, new RegExp(PASSWORD));
      }
    },
  );
});

/** Two authorities, each with a certificate it signed; none, with the test skipped, where there is no openssl. */
async function makeAuthorities(t: TestContext, site: Site): Promise<readonly string[]> {
  const homes = ['authority', 'other-authority'].map((name) => site.path(name));
  for (const home of homes) mkdirSync(home);
  try {
    return await Promise.all(homes.map(makeCertificates));
  } catch (error) {
    t.skip(`needs openssl: ${String(error)}`);
    return [];
  }
}

async function startTlsRedis(t: TestContext, authority: string): Promise<TlsRedis | null> {
  const port = await freePort();
  const replacements = {
    '/etc/petit': authority,
    'tls-port 6379': `tls-port ${port}`,
    '192.168.1.10:6379': `127.0.0.1:${port}`,
    'CHANGE-ME': PASSWORD,
  };
  const config = asSettings(guideLines('security', 'conf', replacements), ' ');
  const settings = asSettings(guideLines('security', 'env', replacements), '=');
  const url = settings['PETIT_REDIS_URL_FOR_WORKERS'] ?? '';
  try {
    const server = await startRedis({ password: PASSWORD, config });
    return { server, url, settings: { ...settings, PETIT_REDIS_URL: url, PETIT_STRICT: 'yes' } };
  } catch (error) {
    // What a build without TLS says of the first of these lines.
    if (!/Bad directive/.test(String(error))) throw error;
    t.skip('needs a redis-server that was built with TLS');
    return null;
  }
}

function joinAs(site: Site, node: string, token: string): Promise<RunResult> {
  return site.run(node, { program: 'worker', args: ['join', '-'], input: token });
}

function runCtl(site: Site, leaderLog: string, line: string): Promise<RunResult> {
  const address = /"address":"(http:[^"]+)"/.exec(leaderLog)?.[1] ?? '';
  return site.run('person', {
    program: 'ctl',
    args: line.split(' '),
    environment: { PETIT_SERVER: address, PETIT_TOKEN_FILE: site.path('leader', 'token') },
  });
}
