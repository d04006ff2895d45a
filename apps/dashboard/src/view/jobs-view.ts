import type { JobView } from '@petit/protocol';
import { byId, el, setAttribute, setShown, setText } from '../dom/element.js';
import { createStateChip } from '../dom/icon.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import { describePauses } from '../text/describe-pauses.js';
import type { Clock } from '../text/format-time.js';
import { lookOfRun } from '../text/state-look.js';
import { runHref, type View } from './view.js';

/** The jobs, each with a button that starts it now. */
export function createJobsView(clock: Clock, onTrigger: (jobId: string) => Promise<void>): View {
  const [empty, paused] = [byId('jobs-empty'), byId('jobs-paused')];
  const more = byId('jobs-more');
  const list = new KeyedList<JobView>(byId('jobs-list'), {
    key: ({ id }) => id,
    create: (job) => createLine(job, clock, onTrigger),
  });
  return {
    update: ({ state, now }) => {
      setShown(empty, state.loaded && state.jobs.length === 0);
      const pause = state.health?.pause ?? null;
      setShown(paused, pause !== null);
      if (pause !== null) setText(paused, `All jobs are ${describePauses([pause], clock, now)}.`);
      list.update(state.jobs, now);
      setShown(more, state.moreJobs > 0);
      setText(more, `and ${state.moreJobs} more: petit-ctl jobs lists all`);
    },
  };
}

function createLine(
  { id }: JobView,
  clock: Clock,
  onTrigger: (jobId: string) => Promise<void>,
): Entry<JobView> {
  const chip = createStateChip();
  const last = el('a', { class: 'chip-link' }, chip.element);
  const [name, note] = [el('span', { class: 'job-name' }), el('span', { class: 'quiet' })];
  const button = el('button', { type: 'button', 'aria-label': `Run ${id} now` }, 'Run');
  button.addEventListener('click', () => {
    button.disabled = true;
    void onTrigger(id).finally(() => (button.disabled = false));
  });
  const element = el('li', {}, el('div', { class: 'grow' }, name, note), last, button);
  return {
    element,
    update: (job, now) => {
      setText(name, job.id);
      setAttribute(name, 'title', job.description ?? job.name);
      const held = describePauses(job.pauses, clock, now);
      setText(note, [...(held === '' ? [] : [held]), describeJob(job)].join(' · '));
      setAttribute(element, 'class', job.enabled && held === '' ? '' : 'disabled');
      setShown(last, job.lastRun !== null);
      if (job.lastRun === null) return;
      chip.show(lookOfRun(job.lastRun.state), job.lastRun.state);
      setAttribute(last, 'href', runHref(job.lastRun.id));
      setAttribute(last, 'aria-label', `last run of ${id}: ${job.lastRun.state}`);
    },
  };
}

function describeJob({ id, name, enabled, schedules, taskCount }: JobView): string {
  const times = schedules.map(({ text, zone }) => (zone === 'UTC' ? text : `${text} ${zone}`));
  return [
    ...(enabled ? [] : ['disabled']),
    ...(name === id ? [] : [name]),
    times.length === 0 ? 'by hand' : times.join(', '),
    taskCount === 1 ? '1 task' : `${taskCount} tasks`,
  ].join(' · ');
}
