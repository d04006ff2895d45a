import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Site, startRedis, waitFor } from '@petit/testkit';
import { ask, type Answer } from '../testing/start-http.fixture.js';
import { CONVERSATION, type Exchange, type PetitAnswer } from './petit-conversation.fixture.js';
import { DIFFERENCES, WAITING_RUN } from './petit-differences.fixture.js';
import { petitJobFiles } from './petit-jobs.fixture.js';

test('a client of petit’s that asks without a token is answered as petit did, but for what differs on purpose', async () => {
  await using redis = await startRedis();
  await using site = await Site.make();
  for (const [name, text] of Object.entries(petitJobFiles((gate) => site.path(gate))))
    writeFileSync(site.path('jobs', name), text);
  const environment = { PETIT_REDIS_URL: `unix:${redis.socketPath}` };
  const leader = site.leader('leader', {
    environment: {
      ...environment,
      PETIT_WRITE_INVITE: site.path('invitation'),
      PETIT_COMPAT_LISTEN: '127.0.0.1:0',
      PETIT_COMPAT_NO_TOKEN: 'yes',
    },
  });
  leader.start();
  site.worker('cube1', { environment: { PETIT_JOIN_FILE: site.path('invitation') } }).start();
  await leader.untilLogged('compat_listens');
  const [, address = ''] = /"compatAddress":"([^"]+)"/.exec(leader.log()) ?? [];
  const client = new Client(address);
  for (const step of CONVERSATION) {
    switch (step.kind) {
      case 'exchange':
        await client.compare(step);
        break;
      case 'open gate':
        writeFileSync(site.path(step.gate), '');
        break;
      case 'close gate':
        rmSync(site.path(step.gate));
        break;
      case 'one job at once':
        writeFileSync(site.path('jobs', 'defaults.yaml'), 'max_concurrent_jobs: 1\n');
        await untilOneJobAtOnce(site, leader.log());
        break;
      case 'stop scheduler':
        await client.compare(WAITING_RUN);
        await redis.stop();
        break;
      default:
        step satisfies never;
    }
  }
  assert.deepEqual(client.unmet, [], 'differences that are none');
});

test('a leader that would let other machines in without a token does not start, and says what to do', async () => {
  await using site = await Site.make();
  const { exitCode, stderr } = await site.run('open', {
    program: 'leader',
    args: [],
    environment: { PETIT_COMPAT_LISTEN: '0.0.0.0:0', PETIT_COMPAT_NO_TOKEN: 'yes' },
  });
  assert.equal(exitCode, 78, stderr);
  assert.match(
    stderr,
    /^petit-leader: refused to listen on 0\.0\.0\.0 without asking for the token/m,
  );
});

/** Waits until the leader has read that only one run may go on. */
async function untilOneJobAtOnce(site: Site, log: string): Promise<void> {
  const [, address = ''] = /"address":"([^"]+)"/.exec(log) ?? [];
  const token = readFileSync(site.path('leader', 'token'), 'utf8').trim();
  const look = async (): Promise<boolean> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await ask(address, '/api/v1/jobs', { headers })).text.includes(
      '"maxConcurrentJobs":1,',
    );
  };
  await waitFor(look, { what: 'the limit to be in force', timeoutMs: 20_000 });
}

/** Asks as the conversation has it, and remembers the runs it was told of. */
class Client {
  readonly #address: string;
  readonly #ids = new Map<string, string>();
  readonly #met = new Set<string>();

  constructor(address: string) {
    this.#address = address;
  }

  /** Differences that no exchange has met. */
  get unmet(): readonly string[] {
    return DIFFERENCES.map(({ name }) => name).filter((name) => !this.#met.has(name));
  }

  /** A state is asked for until it has come; all else is as it should be at once. */
  async compare(exchange: Exchange): Promise<void> {
    const difference = DIFFERENCES.find(({ name }) => name === exchange.name);
    const wanted = difference?.here ?? answerOf(exchange);
    if (difference !== undefined) this.#met.add(difference.name);
    const look = async (): Promise<true> => {
      assert.deepEqual(
        await this.#ask(exchange, wanted),
        wanted,
        `${exchange.method} ${exchange.path}`,
      );
      return true;
    };
    if (exchange.method === 'GET') await waitFor(look, { what: exchange.path, timeoutMs: 20_000 });
    else await look();
    // Runs of one millisecond have no order of their own.
    const at = Date.now();
    await waitFor(() => Date.now() > at, { what: 'the clock to go on', intervalMs: 1 });
  }

  async #ask({ method, path, sent, name }: Exchange, wanted: PetitAnswer): Promise<PetitAnswer> {
    const spelled = path.replaceAll(/\{([^:}]+):?([^}]*)\}/g, (_, run: string, way: string) =>
      spell(this.#ids.get(run) ?? '', way),
    );
    const answer = await ask(this.#address, spelled, {
      method,
      ...(sent === null ? {} : { body: sent.body, headers: { 'content-type': sent.type } }),
    });
    const cors = Object.keys(answer.headers).filter((header) =>
      header.startsWith('access-control'),
    );
    assert.deepEqual(cors, [], path);
    return {
      status: answer.status,
      type: typeOf(answer),
      body: this.#bodyOf(answer, wanted, name),
    };
  }

  #bodyOf({ text, headers }: Answer, wanted: PetitAnswer, name: string): unknown {
    if (text === '') return null;
    if (headers['content-type'] !== 'application/json') {
      return text.startsWith('limit: wanted one whole number') ? wanted.body : text;
    }
    this.#learn(text, wanted);
    return JSON.parse(text, (key, value: unknown) => this.#tokenOf(key, value, name)) as unknown;
  }

  /** A run that was triggered gets the name that the conversation calls it by. */
  #learn(text: string, wanted: PetitAnswer): void {
    const [, run] = /"run_id":"<run ([^>]+)>","job_id"/.exec(JSON.stringify(wanted.body)) ?? [];
    const [, id] = /^\{"run_id":"([0-9a-f-]{36})"/.exec(text) ?? [];
    if (run === undefined || id === undefined) return;
    assert.equal([...this.#ids.values()].includes(id), false, `${run} has an id of its own`);
    this.#ids.set(run, id);
  }

  #tokenOf(key: string, value: unknown, name: string): unknown {
    if (typeof value === 'number' && key.endsWith('_at')) return isRecent(value) ? '<time>' : value;
    if (typeof value === 'number' && key === 'duration_ms') return value >= 0 ? '<ms>' : value;
    if (typeof value !== 'string') return value;
    if (key === 'version') return /^\d+\.\d+\.\d+$/.test(value) ? '<version>' : value;
    if (name === 'trigger while stopped' && key === 'error') return value === '' ? value : '<why>';
    const run = [...this.#ids].find(([, id]) => id === value)?.[0];
    return run === undefined ? value : `<run ${run}>`;
  }
}

function answerOf({ status, type, body }: Exchange): PetitAnswer {
  return { status, type, body };
}

function typeOf({ headers }: Answer): PetitAnswer['type'] {
  switch (headers['content-type']) {
    case 'application/json':
      return 'json';
    case 'text/plain; charset=utf-8':
      return 'text';
    case undefined:
      return null;
    default:
      throw new assert.AssertionError({ message: `content-type ${headers['content-type']}` });
  }
}

function spell(id: string, way: string): string {
  switch (way) {
    case 'upper':
      return id.toUpperCase();
    case 'bare':
      return id.replaceAll('-', '');
    case 'urn':
      return `urn:uuid:${id}`;
    default:
      return id;
  }
}

/** Milliseconds since the epoch, not seconds, and of this run of the test. */
function isRecent(at: number): boolean {
  return Number.isInteger(at) && Math.abs(Date.now() - at) < 600_000;
}
