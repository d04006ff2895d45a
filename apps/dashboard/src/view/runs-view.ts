import type { RunView } from '@petit/protocol';
import { byId, el, setAttribute, setShown, setText } from '../dom/element.js';
import { createStateChip } from '../dom/icon.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import {
  describeCounts,
  describeTrigger,
  runDurationMs,
  taskProgress,
} from '../text/describe-run.js';
import { formatAgo, formatDuration, type Clock } from '../text/format-time.js';
import { lookOfRun } from '../text/state-look.js';
import { runHref, type View } from './view.js';

const SHOWN_AT_FIRST = 15;
const SHOWN_MORE = 50;

/** The runs that have ended, newest first, with a way to older ones. */
export function createRunsView(options: {
  readonly clock: Clock;
  /** Reads a page of older runs into the state. */
  readonly onOlder: () => Promise<void>;
}): View {
  const { clock, onOlder } = options;
  const [empty, table, older] = [byId('runs-empty'), byId('runs-table'), byId('runs-older')];
  let [shown, known] = [SHOWN_AT_FIRST, 0];
  const list = new KeyedList<RunView>(byId('runs-rows'), {
    key: ({ id }) => id,
    create: (run) => createRow(run, clock),
  });
  const showMore = async (): Promise<void> => {
    shown += SHOWN_MORE;
    if (shown <= known) return;
    setAttribute(older, 'aria-busy', 'true');
    await onOlder();
    setAttribute(older, 'aria-busy', null);
  };
  older.addEventListener('click', () => void showMore());
  return {
    update: ({ state, now }) => {
      const ended = state.runs.filter(({ endedAt }) => endedAt !== null);
      known = ended.length;
      setShown(empty, state.loaded && known === 0);
      setShown(table, known > 0);
      setShown(older, state.hasOlder || shown < known);
      list.update(ended.slice(0, shown), now);
    },
  };
}

function createRow(run: RunView, clock: Clock): Entry<RunView> {
  const chip = createStateChip();
  const [trigger, started, took, tasks] = [el('td'), el('td'), el('td'), el('td')];
  for (const cell of [started, took, tasks]) cell.className = 'num';
  trigger.className = 'quiet';
  const link = el('a', { class: 'run-link', href: runHref(run.id) }, run.jobId);
  const element = el(
    'tr',
    {},
    el('td', {}, chip.element),
    el('th', { scope: 'row' }, link),
    trigger,
    started,
    took,
    tasks,
  );
  element.addEventListener('click', ({ target }) => {
    // The whole row is a larger target for a finger; the link is what keyboards and readers use.
    if (target !== link && getSelection()?.isCollapsed !== false) link.click();
  });
  return {
    element,
    update: (current, now) => {
      chip.show(lookOfRun(current.state), current.state);
      const at = current.startedAt ?? current.createdAt;
      setText(trigger, describeTrigger(current, clock.zone));
      setText(started, clock.short(at, now));
      setAttribute(started, 'title', `${clock.full(at)}, ${formatAgo(now - at)}`);
      const durationMs = runDurationMs(current, now);
      setText(took, durationMs === null ? '–' : formatDuration(durationMs));
      const { all } = taskProgress(current);
      setText(tasks, `${current.counts.completed}/${all}`);
      setAttribute(tasks, 'title', describeCounts(current));
    },
  };
}
