import { existsSync, readFileSync } from 'node:fs';
import type {
  HealthView,
  JobsView,
  NodesView,
  RunDetailView,
  RunsView,
  TriggerView,
} from '@petit/protocol';

const REQUEST_TIMEOUT_MS = 5_000;

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
}

/** An answer that is not of the kind that was asked for. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status} ${text}`);
    this.status = status;
  }
}

/** The API of one leader, as far as tests of a cluster need it. Each call fails within 5 s when nobody answers. */
export class ClusterApi {
  readonly #addressOf: () => string;
  readonly #tokenPath: string;

  /** `addressOf` may answer otherwise after a restart. */
  constructor(addressOf: () => string, tokenPath: string) {
    this.#addressOf = addressOf;
    this.#tokenPath = tokenPath;
  }

  health(): Promise<HealthView> {
    return this.#ask('GET', '/api/v1/health');
  }

  jobs(): Promise<JobsView> {
    return this.#ask('GET', '/api/v1/jobs');
  }

  nodes(): Promise<NodesView> {
    return this.#ask('GET', '/api/v1/nodes');
  }

  run(id: string): Promise<RunDetailView> {
    return this.#ask('GET', `/api/v1/runs/${id}`);
  }

  runs(jobId: string, limit: number): Promise<RunsView> {
    return this.#ask('GET', `/api/v1/runs?job=${jobId}&limit=${limit}`);
  }

  /** Under the same key the same run, however often it is asked for. */
  trigger(jobId: string, idempotencyKey: string): Promise<TriggerView> {
    const headers = { 'idempotency-key': idempotencyKey };
    return this.#ask('POST', `/api/v1/jobs/${jobId}/trigger`, { headers });
  }

  async cancel(id: string): Promise<void> {
    await this.#ask('POST', `/api/v1/runs/${id}/cancel`);
  }

  /** Closes a node to new work, or opens it again. */
  async cordon(node: string, cordon: boolean): Promise<void> {
    await this.#ask('POST', `/api/v1/nodes/${node}/cordon`, {
      body: JSON.stringify({ cordon }),
    });
  }

  /** Pauses a job, or all of them, or lets them go on. */
  async hold(change: 'pause' | 'resume', jobId: string | null): Promise<void> {
    const path = jobId === null ? '' : `/jobs/${jobId}`;
    await this.#ask('POST', `/api/v1${path}/${change}`);
  }

  async #ask<View>(
    method: 'GET' | 'POST',
    path: string,
    { headers = {}, body }: Asked = {},
  ): Promise<View> {
    const token = existsSync(this.#tokenPath) ? readFileSync(this.#tokenPath, 'utf8').trim() : '';
    const answer = await fetch(`${this.#addressOf()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new ApiError(answer.status, text);
    return JSON.parse(text) as View;
  }
}
