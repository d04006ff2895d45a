import type { JsonValue } from '@petit/model';
import { isMap } from '../shape/shape-issue.js';
import { asMap, randomValue } from './random-document.fixture.js';
import { pick, pickNumber, type Random } from './random.fixture.js';
import { randomText } from './random-text.fixture.js';

/** What is done to a document so that it may be wrong. */
export const SPOILERS = [
  'other value',
  'edge number',
  'other text',
  'nothing',
  'taken out',
  'twice',
  'wrapped',
  'moved',
  'unknown key',
  'misspelt key',
  'impossible name',
] as const;
export type Spoiler = (typeof SPOILERS)[number];

const NUMBERS = [
  -1,
  0,
  1,
  1.5,
  100,
  1_000,
  1_001,
  1_024,
  1_025,
  100_000,
  100_001,
  315_619_200,
  315_619_201,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  1e-7,
];
const KEYS = [
  'id',
  'name',
  'type',
  'cron',
  'timezone',
  'job',
  'job_id',
  'seconds',
  'timeout',
  'timeout_secs',
  'delay',
  'delay_secs',
  'condition',
  'on_unmet',
  'catchup',
  'catchup_window',
  'max_catchup',
  'depends_on',
  'script',
  'command',
  'shell',
  'hooks',
  'x-',
  'x-a',
  'X-a',
  'constructor',
  'toString',
  '__proto__',
  'within_window',
  'slots',
  'memory',
  'storage',
];

/** What such a map may not have, or only just. */
const NAMES = ['', 'A=B', '=', 'a b', 'ü', '.a', 'a'.repeat(64), 'a'.repeat(65), '__proto__'];
const FREE_MAPS: ReadonlySet<string | number> = new Set(['environment', 'runs_on', 'config']);

interface Place {
  readonly owner: JsonValue[] | { [key: string]: JsonValue };
  readonly key: string | number;
  readonly value: JsonValue;
}

/** A copy of a document with one thing done to it at a place by chance. */
export function spoilDocument(
  document: JsonValue,
  random: Random,
): { readonly document: JsonValue; readonly by: Spoiler } {
  const copy = structuredClone(document);
  const by = pick(random, SPOILERS);
  const places = placesIn(copy);
  if (places.length === 0) return { document: randomValue(random), by };
  spoil(pick(random, placesFor(by, places)), { by, random, places });
  return { document: copy, by };
}

/** Where something is worth doing, if there is such a place: the edge of a number, a name of a person's own choice. */
function placesFor(by: Spoiler, places: readonly Place[]): readonly Place[] {
  const found = places.filter(({ key, value }) => {
    if (by === 'edge number') return typeof value === 'number';
    return by === 'impossible name' && isMap(value) && FREE_MAPS.has(key);
  });
  return found.length > 0 ? found : places;
}

interface Spoiling {
  readonly by: Spoiler;
  readonly random: Random;
  readonly places: readonly Place[];
}

function spoil(place: Place, { by, random, places }: Spoiling): void {
  switch (by) {
    case 'other value':
      return put(place, randomValue(random));
    case 'edge number':
      return put(place, pick(random, NUMBERS));
    case 'other text':
      return put(place, randomText(random));
    case 'nothing':
      return put(place, null);
    case 'taken out':
      return takeOut(place);
    case 'twice':
      if (Array.isArray(place.owner)) place.owner.push(structuredClone(place.value));
      else put(place, [place.value, structuredClone(place.value)]);
      return;
    case 'wrapped':
      return put(
        place,
        random() < 0.5 ? [place.value] : asMap([[pick(random, KEYS), place.value]]),
      );
    case 'moved':
      return put(place, structuredClone(pick(random, places).value));
    case 'unknown key':
      return addKey(place, random, KEYS);
    case 'impossible name':
      return addKey(place, random, NAMES);
    case 'misspelt key': {
      if (Array.isArray(place.owner)) return put(place, randomText(random));
      takeOut(place);
      return put({ ...place, key: misspell(String(place.key), random) }, place.value);
    }
    default:
      return by satisfies never;
  }
}

function misspell(key: string, random: Random): string {
  const at = pickNumber(random, 0, key.length);
  return `${key.slice(0, at)}${pick(random, ['s', '', '-', '='])}${key.slice(at + 1)}`;
}

function addKey(place: Place, random: Random, keys: readonly string[]): void {
  const owner = isMap(place.value) ? place.value : place.owner;
  if (Array.isArray(owner)) owner.push(randomValue(random));
  else put({ owner, key: pick(random, keys) }, pick(random, ['a', randomValue(random)]));
}

/** Also under the key `__proto__`, which an assignment would take for something else. */
function put({ owner, key }: Omit<Place, 'value'>, value: JsonValue): void {
  Object.defineProperty(owner, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function takeOut({ owner, key }: Place): void {
  if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else delete owner[key];
}

function placesIn(value: JsonValue): Place[] {
  if (Array.isArray(value))
    return value.flatMap((item, key) => [{ owner: value, key, value: item }, ...placesIn(item)]);
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    { owner: value, key, value: item },
    ...placesIn(item),
  ]);
}
