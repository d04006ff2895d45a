import type { IncomingMessage } from 'node:http';
import { PetitError } from '@petit/model';
import {
  CLIENT_NAME_HEADER,
  clientName,
  type BackfillView,
  type CatchupView,
  type ClusterEvent,
  type ExplainJobView,
  type ExplainTickView,
  type ClockView,
  type DoctorView,
  type ExplainView,
  type InviteView,
  type JobsView,
  type JobView,
  type LogEvent,
  type LogsView,
  type NextTicksView,
  type NodesView,
  type PauseChangeView,
  type RunDetailView,
  type RunsView,
  type TriggerView,
} from '@petit/protocol';
import {
  askApi,
  askLeaderHealth,
  getOf,
  openEvents,
  postOf,
  type ApiAccess,
} from './http/ask-api.js';
import { parseServerAddress } from './http/server-address.js';
import type { PetitClient } from './petit-client.js';
import { openStream } from './stream/open-stream.js';

export interface ClientOptions {
  /** `http://host:port`. */
  readonly server: string;
  /** The API token, or null: then only `health` is answered. */
  readonly token: string | null;
  /** Who asks, as it is kept with what is asked for: `petit-ctl alice@laptop`. Without it the leader says `api`. */
  readonly name?: string;
  /** The bound on one request, streams aside. Default 10,000. */
  readonly timeoutMs?: number;
  /** How long a stream may be silent; the server sends a pulse every 5 s. Default 15,000. */
  readonly silenceMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_SILENCE_MS = 15_000;

/** A client of the leader at an address. It holds no connection between two calls, so there is nothing to close. */
export function createClient(options: ClientOptions): PetitClient {
  const address = parseServerAddress(options.server);
  const access: ApiAccess = {
    address,
    headers: { ...headersOf(options.token), ...nameHeaderOf(options.name) },
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
  const silenceMs = options.silenceMs ?? DEFAULT_SILENCE_MS;
  // What the server sends is of the forms that @petit/protocol states: both are built from it, and versions are equal
  // within a cluster. So the answer is not checked field by field a second time.
  const get = async <View>(path: string): Promise<View> =>
    (await askApi(access, getOf(path))) as View;
  const post = async <View>(path: string, body: unknown = {}): Promise<View> =>
    (await askApi(access, postOf(path, body))) as View;
  return {
    server: address.text,
    health: () => get('health'),
    leaderHealth: () => askLeaderHealth(access),
    jobs: () => get<JobsView>('jobs'),
    job: (jobId) => get<JobView>(`jobs/${part(jobId)}`),
    trigger: async (jobId, { idempotencyKey, force = false }) => {
      const request = postOf(`jobs/${part(jobId)}/trigger`, { force });
      const headers = { ...request.headers, 'idempotency-key': idempotencyKey };
      return (await askApi(access, { ...request, headers })) as TriggerView;
    },
    pause: (jobId) => post<PauseChangeView>(`${ofJob(jobId)}pause`),
    resume: (jobId) => post<PauseChangeView>(`${ofJob(jobId)}resume`),
    backfill: (jobId, { fromAt, toAt, dryRun = false, again }) =>
      post<BackfillView>(`jobs/${part(jobId)}/backfill`, {
        fromAt,
        toAt,
        dryRun,
        again: again ?? null,
      }),
    catchup: ({ jobId, dryRun = false } = {}) =>
      post<CatchupView>('catchup', { job: jobId ?? null, dryRun }),
    explainJob: (jobId) => get<ExplainJobView>(`jobs/${part(jobId)}/explain`),
    explainTick: (jobId, when) =>
      get<ExplainTickView>(`jobs/${part(jobId)}/ticks/${part(when)}/explain`),
    runs: ({ jobId, limit, before } = {}) =>
      get<RunsView>(`runs${query({ job: jobId, limit, before })}`),
    run: (runId) => get<RunDetailView>(`runs/${part(runId)}`),
    explain: (runId) => get<ExplainView>(`runs/${part(runId)}/explain`),
    cancel: (runId) => post<RunDetailView>(`runs/${part(runId)}/cancel`),
    logs: (runId, { taskKey } = {}) =>
      get<LogsView>(`runs/${part(runId)}/logs${query({ task: taskKey })}`),
    followLogs: (runId, which = {}) =>
      untilEnd(
        stream<LogEvent>(access, {
          path: `runs/${part(runId)}/logs/stream${query({ task: which.taskKey })}`,
          silenceMs,
          signal: which.signal,
        }),
      ),
    events: ({ signal } = {}) =>
      stream<ClusterEvent>(access, { path: 'events', silenceMs, signal }),
    nodes: () => get<NodesView>('nodes'),
    cordon: (node) => post<NodesView>(`nodes/${part(node)}/cordon`, { cordon: true }),
    uncordon: (node) => post<NodesView>(`nodes/${part(node)}/cordon`, { cordon: false }),
    nextTicks: (limit) => get<NextTicksView>(`ticks/next${query({ limit })}`),
    invite: () => post<InviteView>('nodes/invite'),
    doctor: () => get<DoctorView>('doctor'),
    acceptClock: () => post<ClockView>('clock/accept'),
  };
}

async function* untilEnd(events: AsyncGenerator<LogEvent, void>): AsyncGenerator<LogEvent, void> {
  for await (const event of events) {
    yield event;
    if (event.kind === 'end') return;
  }
}

function stream<Event>(
  access: ApiAccess,
  options: {
    readonly path: string;
    readonly silenceMs: number;
    readonly signal: AbortSignal | undefined;
  },
): AsyncGenerator<Event, void> {
  const { path, silenceMs, signal } = options;
  const open = (ended: AbortSignal): Promise<IncomingMessage> => openEvents(access, path, ended);
  return openStream({ address: access.address, open, silenceMs, signal }) as AsyncGenerator<
    Event,
    void
  >;
}

function headersOf(token: string | null): Readonly<Record<string, string>> {
  const accept = { accept: 'application/json' };
  if (token === null) return accept;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new PetitError('BAD_REQUEST', 'the token holds characters that no token of Petit has');
  }
  return { ...accept, authorization: `Bearer ${token}` };
}

function nameHeaderOf(name: string | undefined): Readonly<Record<string, string>> {
  return name === undefined ? {} : { [CLIENT_NAME_HEADER]: clientName(name) };
}

// The URL standard takes "." and ".." for steps even when they are encoded.
function part(text: string): string {
  if (/^\.{0,2}$/.test(text)) {
    throw new PetitError('BAD_REQUEST', `${JSON.stringify(text)} is not the name of anything`);
  }
  return encodeURIComponent(text);
}

/** The part of a path that says which job is meant; nothing for all. */
function ofJob(jobId: string | undefined): string {
  return jobId === undefined ? '' : `jobs/${part(jobId)}/`;
}

function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) given.set(name, String(value));
  }
  return given.size === 0 ? '' : `?${given.toString()}`;
}
