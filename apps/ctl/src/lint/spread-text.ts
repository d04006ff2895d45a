import { cronFields } from './cron-fields.js';

const SHORTCUTS: Readonly<Record<string, string>> = {
  '@hourly': 'H * * * *',
  '@daily': 'H H * * *',
  '@midnight': 'H H * * *',
  '@weekly': 'H H * * H',
  '@monthly': 'H H H * *',
  '@yearly': 'H H H H *',
  '@annually': 'H H H H *',
};

/** A schedule with its minute left to `H`, so that each job gets one of its own; null when there is no such text. */
export function spreadMinute(text: string): string | null {
  const shortcut = SHORTCUTS[text];
  if (shortcut !== undefined) return shortcut;
  const fields = cronFields(text);
  const minute = fields.find(({ name }) => name === 'minute');
  if (minute === undefined) return null;
  const spread = spreadOf(minute.text);
  if (spread === null) return null;
  return fields.map(({ name, text: own }) => (name === 'minute' ? spread : own)).join(' ');
}

/** A single minute and a step can be moved; a list or a range is meant as it is, and `H` is moved already. */
function spreadOf(minute: string): string | null {
  if (/^\d+$/.test(minute)) return 'H';
  const [, step] = /^(?:\*|0-59)\/(\d+)$/.exec(minute) ?? [];
  return step === undefined ? null : `H/${step}`;
}

/** As `spreadMinute`, for what is due at midnight: any time until six. */
export function spreadNight(text: string): string {
  const fields = cronFields(SHORTCUTS[text] ?? text);
  return fields
    .map(({ name, text: own }) => {
      if (name === 'minute') return 'H';
      return name === 'hour' ? 'H(0-5)' : own;
    })
    .join(' ');
}
