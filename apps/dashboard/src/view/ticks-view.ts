import type { NextTickView } from '@petit/protocol';
import { byId, el, setAttribute, setShown, setText } from '../dom/element.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import { formatIn, type Clock } from '../text/format-time.js';
import type { View } from './view.js';

const SHOWN = 8;

/** What is due next. */
export function createTicksView(clock: Clock): View {
  const empty = byId('ticks-empty');
  const list = new KeyedList<NextTickView>(byId('ticks-list'), {
    key: ({ scheduleId, at }) => `${scheduleId} ${at}`,
    create: (tick) => createLine(tick, clock),
  });
  return {
    update: ({ state, now }) => {
      const ahead = state.ticks.filter(({ at }) => at > now - 1_000).slice(0, SHOWN);
      setShown(empty, state.loaded && ahead.length === 0);
      list.update(ahead, now);
    },
  };
}

function createLine(tick: NextTickView, clock: Clock): Entry<NextTickView> {
  const [time, soon] = [el('time', { class: 'num' }), el('span', { class: 'num quiet' })];
  setAttribute(time, 'datetime', new Date(tick.at).toISOString());
  setAttribute(time, 'title', `${tick.wall.replace('T', ' ')} ${tick.zone}`);
  const element = el('li', {}, time, el('span', { class: 'grow' }, tick.jobId), soon);
  return {
    element,
    update: ({ at }, now) => {
      setText(time, clock.short(at, now));
      setText(soon, formatIn(at - now));
    },
  };
}
