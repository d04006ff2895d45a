import type { ClockChange, TickAdjustment, ZoneTransition } from '@petit/schedule';
import { shortTime, wallDate, wallTime, zoneWord } from './zone-text.js';

/** What a change of the clocks did to a tick, for a column of a table; empty when nothing. */
export function adjustmentText(adjusted: TickAdjustment | null, wall: string): string {
  const time = shortTime(wall);
  switch (adjusted) {
    case null:
      return '';
    case 'gap':
      return `moved from ${time}`;
    case 'overlap_first':
      return `1st of two ${time}`;
    case 'overlap_last':
      return `2nd of two ${time}`;
    default:
      return adjusted satisfies never;
  }
}

/** A change of a zone's clocks: `02:00 CET → 03:00 CEST`. */
export function transitionText(zone: string, transition: ZoneTransition, arrow: string): string {
  const { at, offsetBeforeMinutes: before, offsetAfterMinutes: after } = transition;
  const shown = `${wallTime(at, before)} ${zoneWord(zone, at - 1, before)}`;
  const then = `${wallTime(at, after)} ${zoneWord(zone, at, after)}`;
  const otherDay = wallDate(at, before) !== wallDate(at, after);
  return `${shown} ${arrow} ${otherDay ? `${wallDate(at, after)} ` : ''}${then}`;
}

/** `1 h forward`, `30 min back`. */
export function shiftText({ offsetBeforeMinutes, offsetAfterMinutes }: ZoneTransition): string {
  const shift = offsetAfterMinutes - offsetBeforeMinutes;
  const size = Math.abs(shift);
  const text = size % 60 === 0 ? `${size / 60} h` : `${size} min`;
  return `${text} ${shift > 0 ? 'forward' : 'back'}`;
}

/** What a change of the clocks does to a schedule, as a sentence without its end. */
export function effectText(change: ClockChange, transition: ZoneTransition): string {
  const { effect, wall, count, keepsRhythm } = change;
  const times = count === 1 ? shortTime(wall) : `${shortTime(wall)} and ${count - 1} more`;
  const many = count > 1;
  const end = wallTime(transition.at, transition.offsetAfterMinutes);
  const missing = `${times} ${many ? 'do' : 'does'} not exist`;
  const twice = `${times} ${many ? 'come' : 'comes'} twice`;
  switch (effect) {
    case 'moved':
      return `${missing}: ${many ? 'they run once,' : 'it runs'} at ${end}${many ? '' : ' instead'}`;
    case 'merged':
      return `${missing}: ${many ? 'they are' : 'it is'} one with the run at ${end}`;
    case 'left_out':
      return keepsRhythm
        ? `${missing}; the rhythm goes on`
        : `${missing}: ${many ? 'they are' : 'it is'} left out`;
    case 'first':
      return `${twice}: ${many ? 'they run' : 'it runs'} the first time`;
    case 'last':
      return `${twice}: ${many ? 'they run' : 'it runs'} the second time`;
    case 'both':
      return keepsRhythm
        ? `${twice}; the rhythm goes on`
        : `${twice}: ${many ? 'they run' : 'it runs'} both times`;
    default:
      return effect satisfies never;
  }
}
