import type { JobView } from '@petit/protocol';
import { byId, el, setAttribute, setShown, setText } from '../dom/element.js';
import { createStateChip } from '../dom/icon.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import { lookOfRun } from '../text/state-look.js';
import { runHref, type View } from './view.js';

/** The jobs, each with a button that starts it now. */
export function createJobsView(onTrigger: (jobId: string) => Promise<void>): View {
  const empty = byId('jobs-empty');
  const list = new KeyedList<JobView>(byId('jobs-list'), {
    key: ({ id }) => id,
    create: (job) => createLine(job, onTrigger),
  });
  return {
    update: ({ state, now }) => {
      setShown(empty, state.loaded && state.jobs.length === 0);
      list.update(state.jobs, now);
    },
  };
}

function createLine({ id }: JobView, onTrigger: (jobId: string) => Promise<void>): Entry<JobView> {
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
    update: (job) => {
      setText(name, job.id);
      setAttribute(name, 'title', job.description ?? job.name);
      setText(note, describeJob(job));
      setAttribute(element, 'class', job.enabled ? '' : 'disabled');
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
