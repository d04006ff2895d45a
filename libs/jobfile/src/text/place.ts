/** A key of a map or an index of a list, from the top of the file. */
export type Path = readonly (string | number)[];

/** Where a value of the file stands, and the values in it. */
export interface Place {
  readonly offset: number;
  /** The key that it is the value of. */
  readonly keyOffset: number | null;
  /** A scalar as it is written, quotes and all; null for a list or a map. */
  readonly raw: string | null;
  readonly children: Children;
}

/** The values in a list or a map, by index or key. */
export interface Children {
  get(step: string | number): Place | undefined;
}

/** The values in a list: an array, since a map of its own for each list would cost much in a file of many. */
export class ListChildren implements Children {
  readonly #places: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  get(step: string | number): Place | undefined {
    return typeof step === 'number' ? this.#places[step] : undefined;
  }
}

/** The place of a path, or null when the file has nothing there. */
export function findPlace(root: Place, path: Path): Place | null {
  let place: Place | undefined = root;
  for (const step of path) {
    place = place.children.get(step);
    if (place === undefined) return null;
  }
  return place;
}

/** The offset of the value at `path`, or of the nearest thing around it that is there. */
export function offsetOf(root: Place, path: Path): number {
  let place = root;
  for (const step of path) {
    const child = place.children.get(step);
    if (child === undefined) break;
    place = child;
  }
  return place.offset;
}

/** The offset of the key at `path`, or of the value when it stands in a list. */
export function keyOffsetOf(root: Place, path: Path): number {
  return findPlace(root, path)?.keyOffset ?? offsetOf(root, path);
}

/**
 * The offset of one character of a scalar's value. Exact when the value is written as it is, with or without quotes;
 * with escapes or over several lines it is where the scalar begins.
 */
export function offsetInScalar(place: Place, value: string, character: number): number {
  if (place.raw === value) return place.offset + character;
  const unquoted = place.raw?.slice(1, -1);
  return unquoted === value ? place.offset + 1 + character : place.offset;
}
