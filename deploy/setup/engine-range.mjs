/**
 * Whether a range of `engines.node` accepts a version. Knows what lock files hold: `*`, `20`, `18.x`,
 * `>=20.9`, `^20.17 || >=22`, `>=14 <23`. Throws on anything else rather than guess.
 */
export function acceptsNode(range, version) {
  return range.split('||').some((set) => {
    const comparators = set
      .trim()
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .split(/\s+/);
    return comparators.every((comparator) => holds(comparator, version));
  });
}

function holds(comparator, version) {
  if (comparator === '' || comparator === '*') return true;
  const parts = /^(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?$/.exec(comparator);
  if (parts === null) throw new Error(`"${comparator}" is no range of versions this reads`);
  const [, operator = '', ...named] = parts;
  const numbers = named.filter((part) => part !== undefined && /^\d+$/.test(part)).map(Number);
  const order = compare(version.split('.').map(Number), [...numbers, 0, 0].slice(0, 3));
  switch (operator) {
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    default: {
      // ^ holds the first number, ~ the first two, a bare version as many as it names.
      const held = { '^': 1, '~': 2 }[operator] ?? numbers.length;
      const isSame =
        version.split('.').slice(0, held).map(Number).join() === numbers.slice(0, held).join();
      return isSame && order >= 0;
    }
  }
}

function compare(left, right) {
  const index = left.findIndex((number, each) => number !== right[each]);
  return index === -1 ? 0 : left[index] - right[index];
}
