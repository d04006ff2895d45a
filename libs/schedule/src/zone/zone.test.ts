import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wallReader } from '../oracle/wall-series.fixture.js';
import { pickNumber, seededRandom } from '../random-pattern.fixture.js';
import { findZone } from './find-zone.js';
import { offsetReader } from './offset-reader.js';
import { transitionsBetween, zoneOffsetAt } from './transitions.js';
import { Zone } from './zone.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SEED = Number(process.env['SCHEDULE_SEED'] ?? 20_261_124);

function zoneNamed(name: string): Zone {
  return new Zone(name, offsetReader(name));
}

test('every twelve hours from 1970 to 2037 the offset is what the runtime says, also where changes are 7 days apart', () => {
  // Boa Vista has the nearest two changes there are, Casablanca the most, Apia the largest.
  for (const name of ['America/Boa_Vista', 'Africa/Casablanca', 'Pacific/Apia']) {
    const zone = zoneNamed(name);
    const wallAt = wallReader(name);
    for (let at = 0; at < Date.UTC(2037, 0, 1); at += 12 * HOUR_MS) {
      const segment = zone.segmentAt(at);
      if (segment.offsetMs !== wallAt(at) - at || at < segment.startAt || at >= segment.endAt) {
        assert.fail(`${name} at ${new Date(at).toISOString()}: ${JSON.stringify(segment)}`);
      }
    }
  }
});

test('a zone gives the same answers in whatever order it is asked', () => {
  const forwards = zoneNamed('Europe/Berlin');
  const jumping = zoneNamed('Europe/Berlin');
  const instants = Array.from(
    { length: 400 },
    (_, index) => Date.UTC(1975, 0, 1) + index * 57 * 24 * HOUR_MS,
  );
  const expected = instants.map((at) => forwards.segmentAt(at).offsetMs);
  const shuffled = instants.map((_, index) => (index * 149) % instants.length);
  for (const index of shuffled) {
    assert.equal(jumping.segmentAt(instants[index] ?? 0).offsetMs, expected[index]);
  }
});

test('a stretch ends at the second of the change and knows the offsets beyond', () => {
  const zone = zoneNamed('Europe/Berlin');
  assert.deepEqual(zone.segmentAt(Date.UTC(2026, 6, 1)), {
    startAt: Date.UTC(2026, 2, 29, 1),
    endAt: Date.UTC(2026, 9, 25, 1),
    offsetMs: 2 * HOUR_MS,
    offsetBeforeMs: HOUR_MS,
    offsetAfterMs: HOUR_MS,
  });
  assert.equal(zone.segmentAt(Date.UTC(2026, 2, 29, 1)).startAt, Date.UTC(2026, 2, 29, 1));
  assert.equal(zone.segmentAt(Date.UTC(2026, 2, 29, 1) - 1).endAt, Date.UTC(2026, 2, 29, 1));
});

test('a zone without changes is cut into stretches that claim none', () => {
  const zone = zoneNamed('Asia/Tokyo');
  let at = Date.UTC(1990, 0, 1);
  for (let count = 0; count < 50; count += 1) {
    const segment = zone.segmentAt(at);
    assert.deepEqual([segment.offsetBeforeMs, segment.offsetAfterMs], [9 * HOUR_MS, 9 * HOUR_MS]);
    assert.ok(segment.startAt <= at && segment.endAt > at);
    at = segment.endAt;
  }
});

test('in zones made up at random a stretch ends at a change, or so far from one that no wall time in it is repeated', () => {
  const random = seededRandom(SEED);
  for (let count = 0; count < 60; count += 1) {
    const changes = randomChanges(random);
    const offsetAt = (at: number): number =>
      changes.findLast((change) => change.at <= at)?.offsetMs ?? 0;
    const zone = new Zone('Made/Up', offsetAt);
    for (let index = 0; index < 200; index += 1) {
      const near = changes[pickNumber(random, 0, changes.length - 1)]?.at ?? 0;
      const at = near + pickNumber(random, -400 * 24, 400 * 24) * HOUR_MS;
      const segment = zone.segmentAt(at);
      const place = `seed ${SEED}, at ${at} of ${JSON.stringify(changes)}: ${JSON.stringify(segment)}`;
      assert.ok(segment.startAt <= at && at < segment.endAt, place);
      assert.equal(segment.offsetMs, offsetAt(at), place);
      const endsAtChange = changes.some((change) => change.at === segment.endAt);
      const startsAtChange = changes.some((change) => change.at === segment.startAt);
      const [from, until] = [segment.startAt, segment.endAt];
      const reach = {
        from: startsAtChange ? from : from - DAY_MS,
        until: endsAtChange ? until : until + DAY_MS,
      };
      assert.ok(
        !changes.some((change) => change.at > reach.from && change.at < reach.until),
        place,
      );
      assert.equal(segment.offsetBeforeMs, offsetAt(from - 1), place);
      assert.equal(segment.offsetAfterMs, offsetAt(until), place);
    }
  }
});

/** Changes of up to a day, 7 days to 3 years apart, many of them close to where the zone cuts its pages. */
function randomChanges(
  random: () => number,
): readonly { readonly at: number; readonly offsetMs: number }[] {
  const page = 256 * DAY_MS;
  const changes: { at: number; offsetMs: number }[] = [];
  let at = 1_000 * page;
  let offsetMs = 0;
  while (changes.length < 12) {
    at += pickNumber(random, 8, random() < 0.5 ? 60 : 1_100) * DAY_MS;
    if (random() < 0.5)
      at =
        Math.ceil(at / page) * page +
        pickNumber(random, -3, 20) * HOUR_MS +
        pickNumber(random, 0, 1) * 1_000;
    offsetMs = offsetMs === 0 ? pickNumber(random, -12, 12) * HOUR_MS + 1_800_000 : 0;
    changes.push({ at, offsetMs });
  }
  return changes;
}

const OFFSETS: readonly (readonly [zone: string, instant: string, minutes: number])[] = [
  ['Europe/Berlin', '2026-01-01T00:00:00Z', 60],
  ['America/New_York', '2026-07-01T00:00:00Z', -240],
  ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', 630],
  ['Asia/Kathmandu', '2026-07-01T00:00:00Z', 345],
  ['Africa/Casablanca', '2026-03-01T00:00:00Z', 0],
  ['Pacific/Apia', '2011-12-30T09:59:59Z', -600],
  ['Pacific/Apia', '2011-12-30T10:00:00Z', 840],
  ['Africa/Monrovia', '1971-01-01T00:00:00Z', -44.5],
  ['UTC', '2026-07-01T00:00:00Z', 0],
  ['US/Eastern', '2026-07-01T00:00:00Z', -240],
  ['Etc/GMT+5', '2026-07-01T00:00:00Z', -300],
];

for (const [zone, instant, minutes] of OFFSETS) {
  test(`${zone} is ${minutes} minutes from UTC at ${instant}`, () => {
    assert.equal(zoneOffsetAt(zone, Date.parse(instant)), minutes);
  });
}

test('the next two changes of a zone are told with their offsets', () => {
  assert.deepEqual(
    transitionsBetween({
      zone: 'Europe/Berlin',
      after: Date.UTC(2026, 10, 24),
      until: Date.UTC(2030, 0, 1),
      limit: 2,
    }),
    [
      { at: Date.UTC(2027, 2, 28, 1), offsetBeforeMinutes: 60, offsetAfterMinutes: 120 },
      { at: Date.UTC(2027, 9, 31, 1), offsetBeforeMinutes: 120, offsetAfterMinutes: 60 },
    ],
  );
  const never = { zone: 'Asia/Tokyo', after: 0, until: Date.UTC(2030, 0, 1), limit: 2 };
  assert.deepEqual(transitionsBetween(never), []);
});

test('every zone of the runtime is found', () => {
  for (const name of Intl.supportedValuesOf('timeZone')) {
    assert.ok(findZone(name).ok, name);
  }
});

const UNKNOWN: readonly (readonly [zone: string, hint: string])[] = [
  ['', ''],
  ['../../etc/passwd', ''],
  ['/etc/localtime', ''],
  ['Europe/Berlin ', ''],
  ['Europe/Atlantis', ''],
  ['europe/berlin', '; did you mean "Europe/Berlin"?'],
  ['Berlin', '; did you mean "Europe/Berlin"?'],
  ['new york', '; did you mean "America/New_York"?'],
  ['+02:00', ''],
  ['GMT+5', ''],
  ['utc', ''],
  // The runtime takes these for Bangladesh, India and Los Angeles.
  ['BST', ''],
  ['IST', ''],
  ['PST', ''],
  ['SystemV/PST8', ''],
];

for (const [zone, hint] of UNKNOWN) {
  test(`the zone "${zone}" is refused${hint}`, () => {
    const found = findZone(zone);
    assert.ok(!found.ok);
    assert.equal(found.problem.field, 'zone');
    assert.equal(
      found.problem.message,
      `zone must be a name of the time zone database, such as Europe/Berlin or UTC, not "${zone}"${hint}`,
    );
    assert.throws(() => zoneOffsetAt(zone, 0), RangeError);
  });
}

test('the message about a zone of a megabyte is short', () => {
  const found = findZone('x'.repeat(1_000_000));
  assert.ok(!found.ok && found.problem.message.length < 250);
});
