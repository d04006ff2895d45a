import { placeIn, scheduleEntries } from '../compile/check-schedules.js';
import { openText } from '../parse-job-file.js';
import { decodeJobFile } from '../text/decode-text.js';
import { LineIndex } from '../text/line-index.js';
import { findPlace, keyOffsetOf } from '../text/place.js';
import type { SourceFile } from './compile-file.js';

/** A place in a file: line and column from 1, in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the parts of a job stand in its file. */
export interface JobPlaces {
  /** One field (from 0) of the text of a schedule, or its beginning; null when there is no such schedule. */
  schedule(index: number, field: number | null): Position | null;
  /** A key of the job, or null when the file does not have it. */
  key(key: string): Position | null;
}

/** Finds the places of a file that loads; in one that does not, there may be none. */
export function openJobPlaces({ path, bytes }: SourceFile): JobPlaces {
  const decoded = decodeJobFile(bytes, path);
  const text = decoded.ok ? decoded.text : '';
  const { tree } = openText(text, path);
  const lines = new LineIndex(text);
  const entries = tree === null ? [] : scheduleEntries(tree);
  return {
    schedule: (index, field) => {
      const entry = entries[index];
      if (tree === null || entry === undefined) return null;
      const pieces = [...entry.text.value.matchAll(/\S+/g)];
      const character = pieces[field ?? 0]?.index ?? 0;
      return lines.positionOf(placeIn(tree, entry.text, character));
    },
    key: (key) =>
      tree === null || findPlace(tree.root, [key]) === null
        ? null
        : lines.positionOf(keyOffsetOf(tree.root, [key])),
  };
}
