import type { RetryPolicy } from '@petit/model';

/** What all jobs of a directory share unless they say otherwise. */
export interface FileDefaults {
  /** The zone of schedules that name none, or null for the leader's. */
  readonly timezone: string | null;
  readonly retry: RetryPolicy;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a directory that says nothing gets. */
export const NO_DEFAULTS: FileDefaults = {
  timezone: null,
  retry: { maxRetries: 0, delayMs: 0, condition: 'always' },
  environment: {},
};
