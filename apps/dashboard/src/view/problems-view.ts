import type { FileProblemView } from '@petit/protocol';
import { byId, el, setShown, setText } from '../dom/element.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import type { View } from './view.js';

/** What a person should mend: what the leader says of itself, and job files with mistakes. */
export function createProblemsView(): View {
  const section = byId('problems');
  const count = byId('problems-count');
  const said = new KeyedList<string>(byId('problems-said'), {
    key: (text) => text,
    create: (text) => fixed(el('li', {}, text)),
  });
  const files = new KeyedList<FileProblemView>(byId('problems-files'), {
    key: (problem) => JSON.stringify(problem),
    create: createFileProblem,
  });
  return {
    update: ({ state, now }) => {
      const words = state.health?.problems ?? [];
      setShown(section, words.length + state.problems.length > 0);
      setText(count, String(words.length + state.problems.length));
      said.update([...new Set(words)], now);
      files.update(state.problems, now);
    },
  };
}

function createFileProblem({
  path,
  line,
  column,
  message,
  keptLastGood,
}: FileProblemView): Entry<FileProblemView> {
  const kept = keptLastGood ? 'The last good version stays in force.' : null;
  return fixed(
    el(
      'li',
      {},
      el('code', {}, `${path}:${line}:${column}`),
      ' ',
      message,
      kept === null ? null : el('span', { class: 'quiet' }, ` ${kept}`),
    ),
  );
}

function fixed<Item>(element: HTMLElement): Entry<Item> {
  return { element, update: () => undefined };
}
