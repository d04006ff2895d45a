import { byId, setAttribute, setText } from '../dom/element.js';
import { liveRuns } from '../state/cluster-state.js';
import { formatIn } from '../text/format-time.js';
import type { View } from './view.js';

/** The four answers of a glance. */
export function createTilesView(): View {
  const [boards, running, recent, next] = [
    createTile('tile-boards'),
    createTile('tile-running'),
    createTile('tile-recent'),
    createTile('tile-next'),
  ];
  return {
    update: ({ state, now }) => {
      if (!state.loaded) return;
      const live = state.nodes.filter((node) => node.state === 'live').length;
      const slots = sum(state.nodes.map((node) => node.slots));
      const used = sum(state.nodes.map((node) => Math.min(node.usedSlots, node.slots)));
      const allLive = live === state.nodes.length;
      boards(
        `${live}/${state.nodes.length}`,
        `live · ${used} of ${slots} slots in use`,
        allLive ? '' : 'warn',
      );
      const runs = liveRuns(state);
      const waiting = runs.filter(({ startedAt }) => startedAt === null).length;
      running(
        String(runs.length - waiting),
        waiting === 0 ? 'no run waits' : `${waiting} more wait`,
      );
      const ended = state.runs.filter(({ endedAt }) => endedAt !== null);
      const failed = ended.filter((run) => run.state === 'failed').length;
      const unknown = ended.filter((run) => run.state === 'interrupted').length;
      const also = unknown === 0 ? '' : ` · ${unknown} interrupted`;
      recent(String(failed), `of the last ${ended.length} runs${also}`, failed === 0 ? '' : 'bad');
      const tick = state.ticks.find(({ at }) => at >= now);
      next(tick === undefined ? '–' : formatIn(tick.at - now), tick?.jobId ?? 'nothing is due');
    },
  };
}

function createTile(id: string): (value: string, note: string, tone?: string) => void {
  const [value, note] = [byId(`${id}-value`), byId(`${id}-note`)];
  return (text, words, tone = '') => {
    setText(value, text);
    setText(note, words);
    setAttribute(value, 'data-tone', tone);
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
