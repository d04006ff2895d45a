import type { NodesView, NodeView } from '@petit/protocol';
import type { Screen } from './screen.js';
import { shortId } from './show-runs.js';
import { markedWord, stateMark } from './state-mark.js';
import { renderTable, type Cell } from './table.js';
import { relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';

/** The boards as lines. */
export function showNodes({ nodes }: NodesView, screen: Screen): readonly string[] {
  const { palette, width } = screen;
  if (nodes.length === 0) {
    return [
      palette.dim('no boards; "petit-ctl nodes invite" prints the token with which one joins'),
    ];
  }
  return renderTable({
    columns: [
      { title: 'BOARD' },
      { title: 'STATE', givesWay: 1 },
      { title: 'SLOTS' },
      { title: 'SEEN' },
      { title: 'LABELS', givesWay: 2 },
      { title: 'RUNNING', givesWay: 1 },
    ],
    rows: nodes.map((node) => rowOf(node, screen)),
    width,
    paintTitle: palette.dim,
  });
}

function rowOf(node: NodeView, { palette, now }: Screen): readonly (Cell | string)[] {
  const state = stateMark(node.state, palette);
  const closed = node.closed === null ? '' : `, ${visibleLine(node.closed)}`;
  return [
    { text: node.node, paint: palette.bold },
    {
      text: markedWord(state) + closed,
      paint: node.closed === null ? state.paint : palette.yellow,
    },
    `${node.usedSlots}/${node.slots}`,
    node.lastSeenAt === null ? 'never' : relativeText(node.lastSeenAt, now),
    { text: labelsText(node), paint: palette.dim },
    node.running.map(({ jobId, runId, key }) => `${jobId}/${key} (${shortId(runId)})`).join(', '),
  ];
}

function labelsText({ labels }: NodeView): string {
  return Object.entries(labels)
    .map(([name, value]) => visibleLine(`${name}=${value}`))
    .join(' ');
}
