import type { PauseView } from '@petit/protocol';
import { momentText } from './time-text.js';
import { visibleLine } from './visible-text.js';

/** Since when and by whom something is paused: `paused since 14:02:11, 3 min ago, by anna`. */
export function pauseText({ fromAt, by }: PauseView, now: number): string {
  return `paused since ${momentText(fromAt, now)}, by ${visibleLine(by)}`;
}

/** What a pause is of, and since when: `it is paused since …`, `all jobs are paused since …`. */
export function pauseSentence(pause: PauseView, now: number): string {
  return `${pause.of === 'all' ? 'all jobs are' : 'it is'} ${pauseText(pause, now)}`;
}
