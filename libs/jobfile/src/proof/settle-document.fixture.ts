import type { JsonValue } from '@petit/model';
import { isMap } from '../shape/shape-issue.js';
import { chance, pick, type Random } from './random.fixture.js';

type JsonMap = { [key: string]: JsonValue };

const CRON = [
  '30 2 * * *',
  '0 0 4 * * SAT',
  '@hourly',
  'H 3 * * MON-FRI',
  '0 9 LW * *',
  '@at 2040-05-01T12:00:00Z',
];
const ZONES = ['UTC', 'Europe/Berlin', 'America/St_Johns'];

/** Changes a document of the right shape so that it also means something: such a one must load. */
export function settleDocument(document: JsonValue, random: Random): JsonValue {
  if (!isMap(document)) return document;
  settleTasks(document['tasks'], random);
  if (isSet(document['default_timezone'])) document['default_timezone'] = pick(random, ZONES);
  settleRetry(document['default_retry']);
  settleDependencies(document);
  settleSchedules(document['schedule'], (text) => {
    document['schedule'] = text;
  });
  if (isSet(document['jitter'])) document['jitter'] = pick(random, ['0s', '500ms']);
  if (document['catchup'] === 'none') drop(document, 'catchup_window', 'max_catchup');
  if (!hasItems(document['depends_on'])) drop(document, 'on_unmet');
  if (isSet(document['start_deadline'])) document['start_deadline'] = '2h';
  if (isSet(document['catchup_window'])) document['catchup_window'] = '1d';
  return document;
}

function settleTasks(tasks: JsonValue | undefined, random: Random): void {
  const ids: string[] = [];
  for (const task of (Array.isArray(tasks) ? tasks : []).filter(isMap)) {
    if (ids.includes(written(task['id']))) task['id'] = `task-${ids.length}`;
    if (Array.isArray(task['depends_on']))
      task['depends_on'] = ids.filter(() => chance(random, 0.5));
    if (task['condition'] === 'on_failure' && !hasItems(task['depends_on']))
      drop(task, 'condition');
    if (isSet(task['timeout'])) drop(task, 'timeout_secs');
    settleRetry(task['retry']);
    shorten(task);
    ids.push(written(task['id']));
  }
}

function settleRetry(retry: JsonValue | undefined): void {
  if (!isMap(retry)) return;
  if (isSet(retry['delay'])) drop(retry, 'delay_secs');
  shorten(retry);
}

/** Durations beyond ten years are of the right form only. */
function shorten(map: JsonMap): void {
  for (const key of ['timeout', 'kill_grace', 'delay'])
    if (/[0-9]{4,}[dh]/.test(written(map[key]))) map[key] = '1h30m';
}

function settleDependencies(job: JsonMap): void {
  const list = job['depends_on'];
  if (!Array.isArray(list)) return;
  const seen = new Set([written(job['id'])]);
  job['depends_on'] = list.filter((entry) => {
    if (isMap(entry)) {
      if (isSet(entry['job'])) drop(entry, 'job_id');
      else if (!isSet(entry['job_id'])) entry['job'] = `job-${seen.size}`;
      const { condition } = entry;
      if (isMap(condition) && typeof condition['within_window'] === 'string')
        condition['within_window'] = '26h';
    }
    const id = written(isMap(entry) ? (entry['job'] ?? entry['job_id']) : entry);
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  });
}

function settleSchedules(schedule: JsonValue | undefined, setText: (text: string) => void): void {
  if (Array.isArray(schedule)) {
    const ids = new Set<string>();
    for (const [index, entry] of schedule.entries()) {
      if (isMap(entry)) settleSchedule(entry, index);
      else schedule[index] = cronText(index);
      const id = isMap(entry) && isSet(entry['id']) ? written(entry['id']) : null;
      if (isMap(entry) && id !== null && ids.has(id)) drop(entry, 'id');
      if (id !== null) ids.add(id);
    }
  } else if (isMap(schedule)) settleSchedule(schedule, 0);
  else if (isSet(schedule)) setText(cronText(0));
}

function settleSchedule(schedule: JsonMap, index: number): void {
  schedule['cron'] = cronText(index);
  if (isSet(schedule['timezone'])) schedule['timezone'] = ZONES[index % ZONES.length] ?? 'UTC';
}

function cronText(index: number): string {
  return CRON[index] ?? `@every ${index + 10}m`;
}

function hasItems(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** A value as it stands in the file: what it is where text is wanted. */
function written(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function drop(map: JsonMap, ...keys: readonly string[]): void {
  for (const key of keys) delete map[key];
}
