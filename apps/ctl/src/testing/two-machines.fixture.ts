import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import {
  asSettings,
  connectRedis,
  guideLines,
  Site,
  startRedis,
  waitFor,
  type ClusterProcess,
  type Machine,
  type Network,
  type RedisConnection,
  type RedisServer,
  type RunResult,
} from '@petit/testkit';
import type { NodesView } from '@petit/protocol';

const PASSWORD = 'a4b0c1d2e3f4a5b6c7d8';
const READY_TIMEOUT_MS = 40_000;

/** A route of a leader, as its log has it. */
export interface LoggedRoute {
  readonly method: string;
  readonly url: string;
  readonly open: boolean;
}

/**
 * Two machines as docs/guide/add-a-board.md has them. A begins as a whole cluster of one board, `cube1`, with Redis on a
 * socket; it is opened to other boards by what the page says. B has the programs, and what a person carried there: the
 * address of the leader and a file with its token.
 */
export class TwoMachines implements AsyncDisposable {
  readonly network: Network;
  readonly site: Site;
  readonly redis: RedisServer;
  readonly leader: ClusterProcess;
  readonly cube1: ClusterProcess;
  readonly #replacements: Readonly<Record<string, string>>;

  private constructor(parts: {
    readonly network: Network;
    readonly site: Site;
    readonly redis: RedisServer;
  }) {
    const { network, site, redis } = parts;
    this.network = network;
    this.site = site;
    this.redis = redis;
    this.#replacements = {
      '192.168.1.10': network.a.address,
      'CHANGE-ME': PASSWORD,
      '/run/redis/petit.sock': redis.socketPath,
    };
    this.leader = site.leader('leader-a', {
      machine: network.a,
      environment: { PETIT_LOG_LEVEL: 'debug' },
    });
    this.cube1 = site.worker('cube1', { machine: network.a });
  }

  /** Starts the cluster of one board; resolves when that board has been heard. */
  static async start(
    network: Network,
    jobs: Readonly<Record<string, string>>,
  ): Promise<TwoMachines> {
    const site = await Site.make(jobs);
    const redis = await startRedis({ launcher: network.a.launcher });
    const machines = new TwoMachines({ network, site, redis });
    const invitation = site.path('invitation');
    machines.leader.start({
      PETIT_REDIS_URL: `unix:${redis.socketPath}`,
      PETIT_WRITE_INVITE: invitation,
    });
    machines.cube1.start({ PETIT_JOIN_FILE: invitation });
    await machines.cube1.untilLogged('announced');
    return machines;
  }

  /** Steps 1 and 2 of the page: Redis gets a port and a password, and all who use it are told. */
  async openToOthers(): Promise<void> {
    await this.leader.stop();
    await this.cube1.stop();
    {
      await using redis = await connectRedis(this.redis.options);
      const lines = asSettings(guideLines('add-a-board', 'conf', this.#replacements), ' ');
      for (const [name, value] of Object.entries(lines)) await redis.config('SET', name, value);
    }
    this.leader.start(asSettings(guideLines('add-a-board', 'env', this.#replacements), '='));
    await this.leader.untilLogged('leader_started', 2);
    const invitation = await this.ctl('nodes invite');
    const args = ['join', '-'];
    const input = invitation.stdout;
    const { a: machine } = this.network;
    const again = await this.site.run('cube1', { program: 'worker', args, input, machine });
    if (again.exitCode !== 0) throw new Error(`cube1 did not join again: ${again.stderr}`);
    this.cube1.start();
    await this.untilLive('cube1');
  }

  /** A connection to Redis; to be closed by the caller. */
  connect(): Promise<RedisConnection> {
    return connectRedis({ ...this.redis.options, password: PASSWORD });
  }

  /** Where the API of a leader on that machine is. */
  apiOf(machine: Machine): string {
    return `http://${machine.address}:8565`;
  }

  /** A person's petit-ctl on B; unless told otherwise it asks the leader on A. */
  ctl(line: string, options: { readonly server?: string } = {}): Promise<RunResult> {
    return this.#ctlOn('b', line, options.server ?? this.apiOf(this.network.a));
  }

  /** A standby on B that shares the key of the cluster and the token with the leader on A. */
  leaderOnB(): ClusterProcess {
    const { site, network } = this;
    mkdirSync(site.path('leader-b'), { mode: 0o700 });
    for (const file of ['cluster-key.pem', 'token'])
      copyFileSync(site.path('leader-a', file), site.path('leader-b', file));
    const { PETIT_REDIS_URL_FOR_WORKERS: url = '' } = asSettings(
      guideLines('add-a-board', 'env', this.#replacements),
      '=',
    );
    const environment = { PETIT_REDIS_URL: url, PETIT_LISTEN: `${network.b.address}:8565` };
    return site.leader('leader-b', { machine: network.b, environment });
  }

  /** The board of that name as the leader on A sees it, asked there; undefined when it knows none. */
  async node(name: string): Promise<NodesView['nodes'][number] | undefined> {
    const { stdout } = await this.#ctlOn('a', 'nodes --json', this.apiOf(this.network.a));
    const { nodes } = JSON.parse(stdout) as NodesView;
    return nodes.find(({ node }) => node === name);
  }

  async untilLive(name: string): Promise<void> {
    await waitFor(async () => (await this.node(name))?.state === 'live', {
      what: `board ${name} to be live`,
      timeoutMs: READY_TIMEOUT_MS,
      intervalMs: 100,
    });
  }

  /** Every route of the running leader, from its router. */
  routes(): readonly LoggedRoute[] {
    const lines = this.leader.log().split('\n');
    const line = lines.findLast((each) => each.includes('"msg":"routes"'));
    return (JSON.parse(line ?? '{"routes":[]}') as { routes: LoggedRoute[] }).routes;
  }

  get token(): string {
    return readFileSync(this.site.path('leader-a', 'token'), 'utf8').trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site[Symbol.asyncDispose]();
    await this.redis.stop();
  }

  #ctlOn(machine: 'a' | 'b', line: string, server: string): Promise<RunResult> {
    return this.site.run(`person-${machine}`, {
      program: 'ctl',
      args: line.split(' '),
      machine: this.network[machine],
      environment: {
        PETIT_SERVER: server,
        PETIT_TOKEN_FILE: this.site.path('leader-a', 'token'),
      },
    });
  }
}
