/** A `limit` of a query, or what is wrong with it. */
export type Limit =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'wrong'; readonly text: string };

/** petit's own, when a client does not say. */
const DEFAULT_COUNT = 20;
/** As many runs as one answer holds, whatever is asked for. */
const MAX_COUNT = 1_000;
/** petit counts in 64 bits: more than that is a mistake to it, and all below is not. */
const MAX_READ = 2n ** 64n - 1n;

/** How many runs a client of petit's asks for: any whole number from 0, absent or once. */
export function readLimit(query: unknown): Limit {
  const value = limitIn(query);
  if (value === undefined) return { kind: 'count', count: DEFAULT_COUNT };
  if (typeof value !== 'string') return wrong('it is given more than once');
  if (!/^\+?[0-9]{1,40}$/.test(value) || BigInt(value.replace('+', '')) > MAX_READ)
    return wrong(`${JSON.stringify(value.slice(0, 60))} is none`);
  return { kind: 'count', count: Math.min(Number(value), MAX_COUNT) };
}

function limitIn(query: unknown): unknown {
  if (typeof query !== 'object' || query === null) return undefined;
  return Object.hasOwn(query, 'limit') ? Reflect.get(query, 'limit') : undefined;
}

function wrong(what: string): Limit {
  return {
    kind: 'wrong',
    text: `limit: wanted one whole number from 0 to ${MAX_READ}; ${what}`,
  };
}
