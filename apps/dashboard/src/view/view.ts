import type { ClusterState } from '../state/cluster-state.js';
import type { Freshness } from '../state/freshness.js';
import type { Clock } from '../text/format-time.js';

/** What a view is shown. */
export interface Scene {
  readonly state: ClusterState;
  readonly freshness: Freshness;
  /** The leader's wall clock; it stands still while the page is not live. */
  readonly now: number;
  readonly clock: Clock;
}

/** A part of the page that follows what is known. */
export interface View {
  update(scene: Scene): void;
}

/** The address of a run's details within the page. */
export function runHref(runId: string): string {
  return `#/runs/${runId}`;
}
