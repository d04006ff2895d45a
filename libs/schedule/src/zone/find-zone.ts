import { read, unread, type Read, type ScheduleProblem } from '../problem.js';
import { offsetReader } from './offset-reader.js';
import { Zone } from './zone.js';

/**
 * The names without a slash that the time zone database has. All others that the runtime takes are abbreviations of
 * its own, and guesses: it reads IST as India and BST as Bangladesh.
 */
const PLAIN_NAMES: ReadonlySet<string> = new Set(
  (
    'UTC UCT GMT GMT0 GMT+0 GMT-0 Zulu Universal Greenwich CET MET EET WET EST MST HST EST5EDT CST6CDT MST7MDT ' +
    'PST8PDT Cuba Egypt Eire GB GB-Eire Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya NZ NZ-CHAT ' +
    'Navajo PRC Poland Portugal ROC ROK Singapore Turkey W-SU'
  ).split(' '),
);
const PATH_NAME = /^(?!SystemV\/)[A-Za-z][A-Za-z_]*(?:\/[A-Za-z][A-Za-z0-9_+-]*){1,2}$/;

/** More than there are; a limit only because names may differ in case. */
const CACHE_LIMIT = 1_024;
const zones = new Map<string, Zone>();

/** The zone of a name of the time zone database, such as `Europe/Berlin` or `UTC`; anything else is a problem. */
export function findZone(name: string): Read<Zone> {
  const known = zones.get(name);
  if (known !== undefined) return read(known);
  const zone = openZone(name);
  if (zone === null) return unread(unknownZone(name));
  if (zones.size >= CACHE_LIMIT) zones.clear();
  zones.set(name, zone);
  return read(zone);
}

function openZone(name: string): Zone | null {
  if (name.length > 64 || !(PLAIN_NAMES.has(name) || PATH_NAME.test(name))) return null;
  if (listedNames().some((listed) => listed !== name && sameName(listed, name))) return null;
  try {
    return new Zone(name, offsetReader(name));
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function unknownZone(name: string): ScheduleProblem {
  const shown = name.length > 64 ? `${name.slice(0, 64)}...` : name;
  const near = listedNames().find(
    (listed) => sameName(listed, name) || sameName(lastPart(listed), name),
  );
  const wanted = 'a name of the time zone database, such as Europe/Berlin or UTC';
  return {
    field: 'zone',
    offset: 0,
    found: shown,
    wanted,
    message: `zone must be ${wanted}, not "${shown}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
  };
}

function listedNames(): readonly string[] {
  return Intl.supportedValuesOf('timeZone');
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase().replaceAll(' ', '_');
}
