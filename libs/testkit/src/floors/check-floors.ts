import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { DOORS, FLOORS, FOR_TESTS, OUTSIDE, ROOMS_APART, TESTKIT } from './house.js';
import { readPackages, type HousePackage } from './read-packages.js';
import { scanImports } from './scan-imports.js';

// Tests, the contract suites they share, the small programs they start.
const TEST_CODE = /\.(test|contract|fixture)\.[jt]sx?$/;

/** An import that is to be judged: who has it, where, and what it names. */
interface Import {
  readonly from: HousePackage;
  readonly path: string;
  readonly specifier: string;
  readonly isTest: boolean;
}

/**
 * Judges every import of the tree against the house (`house.ts`) and each package's own manifest.
 * Gives one line per mistake, `file:line  what is wrong`; it reads the sources alone, so it holds
 * also where npm hoists packages to where anybody can import them.
 */
export function checkFloors(root: string): readonly string[] {
  const packages = readPackages(root);
  const byName = new Map(packages.map((each) => [`@petit/${each.name}`, each]));
  return packages.flatMap((from) => [
    ...checkManifest(from),
    ...from.sources.flatMap(({ path, text }) =>
      scanImports(text).flatMap(({ specifier, line }) => {
        const found = { from, path, specifier, isTest: isTest(from, path) };
        const wrong = judge(found, byName);
        return wrong === undefined ? [] : [`${path}:${line}  ${wrong}`];
      }),
    ),
  ]);
}

// A dependency that points the wrong way is wrong before anyone uses it.
function checkManifest({ name, home, dependencies }: HousePackage): readonly string[] {
  const place = `${home}/package.json`;
  const floor = FLOORS[name];
  if (floor === undefined) return [`${place}  ${name} has no floor; give it one in house.ts`];
  return [...dependencies]
    .filter((each) => each.startsWith('@petit/') && each !== `@petit/${TESTKIT}`)
    .filter((each) => !((FLOORS[each.slice('@petit/'.length)] ?? Infinity) < floor))
    .map((each) => `${place}  depends on ${each}, which is not below ${name}`);
}

function isTest(from: HousePackage, path: string): boolean {
  return TEST_CODE.test(path) || from.name === TESTKIT || from.name === 'bench';
}

function judge(found: Import, byName: ReadonlyMap<string, HousePackage>): string | undefined {
  const { specifier } = found;
  if (specifier.startsWith('.')) return judgeRelative(found);
  if (isBuiltin(specifier)) {
    return specifier.startsWith('node:') ? undefined : `write node:${specifier}`;
  }
  const name = packageName(specifier);
  const to = byName.get(name);
  if (to !== undefined) return judgeInside(found, to);
  return name.startsWith('@petit/')
    ? `there is no package ${name}`
    : (judgeDeclared(found, name) ?? judgeOutside(found, name));
}

function judgeRelative({ from, path, specifier, isTest: inTest }: Import): string | undefined {
  const source = join(from.home, 'src');
  const within = relative(source, join(path, '..', specifier));
  if (within.startsWith('..')) return `${specifier} leaves ${source}; import the package by name`;
  if (!inTest && TEST_CODE.test(specifier)) return `${specifier} is for tests only`;
  const [room = ''] = relative(source, path).split('/');
  const apart = ROOMS_APART[from.name]?.[room] ?? [];
  const entered = apart.find((other) => within.startsWith(`${other}/`));
  if (entered === undefined || inTest) return undefined;
  return `${from.name}/${room} may not import ${from.name}/${entered}`;
}

function judgeInside(found: Import, to: HousePackage): string | undefined {
  const { from, specifier } = found;
  if (to.name === from.name) return `${from.name} imports itself by name; use a relative path`;
  if (to.name === TESTKIT && !found.isTest) return `${specifier} is for tests and bench only`;
  const undeclared = judgeDeclared(found, `@petit/${to.name}`);
  if (undeclared !== undefined) return undeclared;
  const floors = { from: FLOORS[from.name] ?? -1, to: FLOORS[to.name] ?? Infinity };
  if (to.name !== TESTKIT && floors.to > floors.from) {
    return `${specifier} is above ${from.name}: a package looks down, never up`;
  }
  if (floors.to === floors.from) {
    return `${specifier} is on the floor of ${from.name}: a package never looks sideways`;
  }
  if (!to.doors.has(specifier)) {
    return `${specifier} is no way into ${to.name}; its exports are ${[...to.doors].join(', ')}`;
  }
  const guests = DOORS[specifier];
  if (guests === undefined || guests.includes(from.name) || found.isTest) return undefined;
  return `${specifier} is for ${guests.join(', ')} only`;
}

function judgeDeclared({ from, isTest: inTest }: Import, name: string): string | undefined {
  const isDeclared =
    from.dependencies.has(name) ||
    (inTest && (from.devDependencies.has(name) || FOR_TESTS.includes(name)));
  return isDeclared
    ? undefined
    : `${name} is not among the dependencies of ${from.home}/package.json`;
}

function judgeOutside({ from, isTest: inTest }: Import, name: string): string | undefined {
  if (inTest && FOR_TESTS.includes(name)) return undefined;
  const row = Object.keys(OUTSIDE).find(
    (known) => known === name || (known.endsWith('/') && name.startsWith(known)),
  );
  if (row === undefined) return `${name} has no row in house.ts, which says who may import what`;
  const users = OUTSIDE[row] ?? [];
  if (users.includes(from.name)) return undefined;
  return `${name} is for ${users.join(', ')} only, not for ${from.name}`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
