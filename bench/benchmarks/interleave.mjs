/**
 * Measures several ways in rounds, each way once a round, and begins each round with another one: what slows the
 * machine down for a while then slows all of them. `ways` are functions by name; answers the values by name.
 */
export async function interleave(ways, { rounds, log }) {
  const names = Object.keys(ways);
  const values = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      values[name].push(await ways[name](round));
    const seen = names.map((name) => `${name} ${values[name].at(-1).toFixed(1)}`);
    log(`  round ${round + 1}: ${seen.join(', ')}`);
  }
  return values;
}
