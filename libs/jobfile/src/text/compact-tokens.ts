import { type CST } from 'yaml';

type Token = CST.Token;
type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

/**
 * Makes the tokens of a parser small while it works. An array that was pushed to has room for 17, and the parser turns
 * each item of a list in brackets into a dictionary: 700 bytes for a value of two letters, which a hostile file has
 * 130,000 times.
 */
export class TokenCompactor {
  /** How many items of a collection are done already. */
  readonly #done = new Map<Collection, number>();

  /** Looks at what the parser has open; of each collection the last item may still change. Answers the longest one. */
  compact(stack: readonly Token[]): { readonly entries: number } {
    let entries = 0;
    for (const token of stack) {
      if (!isCollection(token)) continue;
      this.#items(token, token.items.length - 1);
      entries = Math.max(entries, token.items.length);
    }
    return { entries };
  }

  #items(collection: Collection, until: number): void {
    const from = this.#done.get(collection) ?? 0;
    if (until <= from) return;
    if (collection.type === 'flow-collection') this.#flowItems(collection, { from, until });
    else this.#blockItems(collection, { from, until });
    this.#done.set(collection, until);
  }

  #flowItems(
    collection: CST.FlowCollection,
    { from, until }: { readonly from: number; readonly until: number },
  ): void {
    const isList = collection.start.type === 'flow-seq-start';
    for (const [index, item] of collection.items.slice(from, until).entries()) {
      const fixed = isList ? asListItem(item) : item;
      collection.items[from + index] = { ...fixed, ...exact(fixed) };
      this.#whole(fixed.key);
      this.#whole(fixed.value);
    }
  }

  #blockItems(
    { items }: CST.BlockMap | CST.BlockSequence,
    { from, until }: { readonly from: number; readonly until: number },
  ): void {
    for (const item of items.slice(from, until)) {
      Object.assign(item, exact(item));
      this.#whole(item.key);
      this.#whole(item.value);
    }
  }

  /** A token that nothing is added to any more. */
  #whole(token: Token | null | undefined): void {
    if (!isCollection(token)) return;
    this.#items(token, token.items.length);
    this.#done.delete(token);
    if (token.type === 'flow-collection') {
      token.items = token.items.slice();
      token.end = token.end.slice();
    }
  }
}

/** What the parser itself does to an item of a list at the list's end, by deleting keys. */
function asListItem(item: CST.CollectionItem): CST.CollectionItem {
  const { start, key, sep, value } = item;
  const isPair =
    sep === undefined ||
    value !== undefined ||
    start.some(({ type }) => type === 'explicit-key-ind') ||
    sep.some(({ type }) => type === 'map-value-ind');
  if (isPair) return item;
  if (key == null) return { start: [...start, ...sep] };
  if (isFlowToken(key)) {
    if (sep.length > 0) key.end = [...(key.end ?? []), ...sep];
    return { start, value: key };
  }
  return { start: [...start, ...sep], value: key };
}

/** The arrays of an item without the room that they keep for more. */
function exact({
  start,
  sep,
}: {
  readonly start: readonly CST.SourceToken[];
  readonly sep?: readonly CST.SourceToken[];
}): { start: CST.SourceToken[]; sep?: CST.SourceToken[] } {
  return sep === undefined ? { start: start.slice() } : { start: start.slice(), sep: sep.slice() };
}

function isCollection(token: Token | null | undefined): token is Collection {
  return (
    token?.type === 'block-map' || token?.type === 'block-seq' || token?.type === 'flow-collection'
  );
}

function isFlowToken(token: Token): token is CST.FlowScalar | CST.FlowCollection {
  return (
    token.type === 'alias' ||
    token.type === 'scalar' ||
    token.type === 'single-quoted-scalar' ||
    token.type === 'double-quoted-scalar' ||
    token.type === 'flow-collection'
  );
}
