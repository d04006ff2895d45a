import type { NodeView } from '@petit/protocol';
import { byId, el, setAttribute, setShown, setText } from '../dom/element.js';
import { createStateChip } from '../dom/icon.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import { formatAgo } from '../text/format-time.js';
import { lookOfNode } from '../text/state-look.js';
import { runHref, type View } from './view.js';

type RunningTask = NodeView['running'][number];

const MAX_SLOTS_DRAWN = 16;
const MAX_LABELS = 6;
const MAX_TASKS = 8;

/** The boards: whether they are there, how full they are, and what runs on each. */
export function createNodesView(): View {
  const empty = byId('nodes-empty');
  const list = new KeyedList<NodeView>(byId('nodes-list'), {
    key: ({ node }) => node,
    create: createCard,
  });
  return {
    update: ({ state, now }) => {
      setShown(empty, state.loaded && state.nodes.length === 0);
      list.update(state.nodes, now);
    },
  };
}

function createCard({ node }: NodeView): Entry<NodeView> {
  const chip = createStateChip();
  const [slots, count] = [
    el('span', { class: 'slots', 'aria-hidden': 'true' }),
    el('span', { class: 'num' }),
  ];
  const [closed, facts] = [el('p', { class: 'closed' }), el('p', { class: 'quiet facts' })];
  const tasks = el('ul', { class: 'task-lines' });
  const running = new KeyedList<RunningTask>(tasks, {
    key: ({ runId, key }) => `${runId} ${key}`,
    create: createTaskLine,
  });
  const element = el(
    'li',
    { class: 'card node-card' },
    el('div', { class: 'card-head' }, el('h3', {}, node), chip.element, slots, count),
    closed,
    facts,
    tasks,
  );
  return {
    element,
    update: (current, now) => {
      chip.show(lookOfNode(current.state), current.state);
      drawSlots(slots, current);
      setText(count, describeSlots(current));
      setShown(closed, current.closed !== null);
      setText(closed, `takes nothing new: ${current.closed ?? ''}`);
      setText(facts, describeFacts(current, now));
      running.update(current.running.slice(0, MAX_TASKS), now);
    },
  };
}

function drawSlots(element: HTMLElement, { slots, usedSlots }: NodeView): void {
  const shown = Math.min(slots, MAX_SLOTS_DRAWN);
  while (element.childElementCount > shown) element.lastElementChild?.remove();
  while (element.childElementCount < shown) element.append(el('i'));
  for (const [index, mark] of [...element.children].entries()) {
    setAttribute(mark, 'class', index < usedSlots ? 'used' : '');
  }
}

/** A little is placed ahead of what there is room for, so that a board does not wait between two tasks. */
function describeSlots({ slots, usedSlots }: NodeView): string {
  const ahead = usedSlots - slots;
  return ahead > 0 ? `${slots}/${slots} slots, ${ahead} ahead` : `${usedSlots}/${slots} slots`;
}

function describeFacts({ labels, state, lastSeenAt, version }: NodeView, now: number): string {
  const shown = Object.entries(labels)
    .filter(([label]) => label !== 'node')
    .slice(0, MAX_LABELS)
    .map(([label, value]) => `${label}=${value}`);
  const seen = lastSeenAt === null ? 'never seen' : `seen ${formatAgo(now - lastSeenAt)}`;
  return [
    ...(state === 'live' ? [] : [seen]),
    ...shown,
    ...(version === null ? [] : [`v${version}`]),
  ].join(' · ');
}

function createTaskLine({ runId, key, jobId }: RunningTask): Entry<RunningTask> {
  const link = el('a', { href: runHref(runId) }, `${jobId} / ${key}`);
  return { element: el('li', { 'data-tone': 'run' }, link), update: () => undefined };
}
