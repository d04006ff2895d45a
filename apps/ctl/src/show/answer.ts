import type {
  BackfillView,
  CatchupView,
  ExplainJobView,
  ExplainTickView,
  ExplainView,
  JobsView,
  NextTicksView,
  NodesView,
  PauseChangeView,
  RunDetailView,
  RunsView,
} from '@petit/protocol';
import type { DayView } from '../timing/day-plan.js';
import type { PreviewView } from '../timing/preview.js';
import type { Screen } from './screen.js';

/** What is printed of a cluster: what a leader answered, or what was computed from that. */
export type Answer =
  | { readonly kind: 'jobs'; readonly view: JobsView }
  | { readonly kind: 'runs'; readonly view: RunsView }
  | { readonly kind: 'run'; readonly view: RunDetailView }
  | { readonly kind: 'explain'; readonly view: ExplainView }
  | { readonly kind: 'explain_job'; readonly view: ExplainJobView }
  | { readonly kind: 'explain_tick'; readonly view: ExplainTickView }
  | { readonly kind: 'pause'; readonly view: PauseChangeView }
  | { readonly kind: 'resume'; readonly view: PauseChangeView }
  | { readonly kind: 'backfill'; readonly view: BackfillView }
  | { readonly kind: 'catchup'; readonly view: CatchupView }
  | { readonly kind: 'nodes'; readonly view: NodesView }
  | { readonly kind: 'next'; readonly view: NextTicksView }
  | { readonly kind: 'preview'; readonly view: PreviewView }
  | { readonly kind: 'day'; readonly view: DayView };

export const ANSWER_KINDS = [
  'jobs',
  'runs',
  'run',
  'explain',
  'explain_job',
  'explain_tick',
  'pause',
  'resume',
  'backfill',
  'catchup',
  'nodes',
  'next',
  'preview',
  'day',
] as const;

/** An answer as lines. What draws it is loaded only now: no command needs all of it. */
export async function showAnswer(
  { kind, view }: Answer,
  screen: Screen,
): Promise<readonly string[]> {
  switch (kind) {
    case 'jobs':
      return (await import('./show-jobs.js')).showJobs(view, screen);
    case 'runs':
      return (await import('./show-runs.js')).showRuns(view, screen);
    case 'run':
      return (await import('./show-run.js')).showRun(view, screen);
    case 'explain':
      return (await import('./show-explain.js')).showExplain(view, screen);
    case 'explain_job':
      return (await import('./show-explain-job.js')).showExplainJob(view, screen);
    case 'explain_tick':
      return (await import('./show-explain-tick.js')).showExplainTick(view, screen);
    case 'pause':
      return (await import('./show-pause.js')).showPause(view, screen);
    case 'resume':
      return (await import('./show-pause.js')).showResume(view, screen);
    case 'backfill':
      return (await import('./show-backfill.js')).showBackfill(view, screen);
    case 'catchup':
      return (await import('./show-catchup.js')).showCatchup(view, screen);
    case 'nodes':
      return (await import('./show-nodes.js')).showNodes(view, screen);
    case 'next':
      return (await import('./show-ticks.js')).showTicks(view, screen);
    case 'preview':
      return (await import('./show-preview.js')).showPreview(view, screen);
    case 'day':
      return (await import('./show-day.js')).showDay(view, screen);
    default:
      return kind satisfies never;
  }
}
