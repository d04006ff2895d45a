import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BOUNDARIES,
  describeViolation,
  openCrashLab,
  repeatCrash,
  seededRandom,
  victimsOf,
  type Boundary,
  type EvidentCluster,
  type SeededRandom,
  type Victim,
} from '@petit/testkit';
import { ROOT } from './root.fixture.js';

// A share of the crash matrix, another each day, by the same code as the whole (`npm run prove -- crash`, whose table is
// docs/evidence/crash.md): one boundary of each owner for each victim, and a few more.

const SEED = process.env['PETIT_SEED'] ?? String(Math.floor(Date.now() / 86_400_000));
const MORE = 3;
/** A kill that met too little in flight does not count, and is repeated. */
const TRIES = 5;

interface Kill {
  readonly boundary: Boundary;
  readonly victim: Victim;
}

function chooseKills(random: SeededRandom): readonly Kill[] {
  const all = BOUNDARIES.flatMap((boundary) =>
    victimsOf(boundary).map((victim) => ({ boundary, victim })),
  );
  const one = [...groupByKind(all).values()].map((kills) => random.pick(kills));
  const more = Array.from({ length: MORE }, () => random.pick(nonEmpty(all)));
  return [...one, ...more];
}

function groupByKind(kills: readonly Kill[]): Map<string, [Kill, ...Kill[]]> {
  const groups = new Map<string, [Kill, ...Kill[]]>();
  for (const kill of kills) {
    const kind = `${kill.boundary.owner} ${kill.victim}`;
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [kill]);
    else group.push(kill);
  }
  return groups;
}

function nonEmpty<Item>(items: readonly Item[]): [Item, ...Item[]] {
  const [first, ...rest] = items;
  assert.ok(first !== undefined);
  return [first, ...rest];
}

async function killUntilItCounts(
  lab: EvidentCluster,
  kill: Kill & { readonly random: SeededRandom },
): Promise<void> {
  const name = `${kill.boundary.name} ${kill.victim}, seed ${SEED}`;
  let missed: string | null = '';
  for (let tries = 0; tries < TRIES && missed !== null; tries += 1) {
    const result = await repeatCrash(lab, kill);
    const found = result.violations.map(describeViolation);
    assert.deepEqual(found, [], `${name}\n${lab.cluster.logs()}`);
    missed = result.missed;
  }
  assert.equal(missed, null, name);
}

test('P1 P3 P4 P7: killed at a boundary with work in flight, nothing is started twice, lost, early or without an end', async (t) => {
  t.diagnostic(`seed ${SEED}; PETIT_SEED=${SEED} repeats it`);
  const random = seededRandom(SEED);
  await using lab = await openCrashLab(ROOT, random);
  for (const kill of chooseKills(random)) {
    await t.test(`${kill.victim} at ${kill.boundary.name}`, () =>
      killUntilItCounts(lab, { ...kill, random }),
    );
  }
  assert.deepEqual((await lab.checkTicks()).map(describeViolation), [], lab.cluster.logs());
});
