import { readdirSync, readFileSync } from 'node:fs';
import type { SourceFile } from './index.js';

const BROKEN = new URL('../broken/', import.meta.url);

/** The job files in a directory below `libs/jobfile/broken`, such as `defaults/`; in that itself for none. */
export function readBrokenFiles(directory: string): readonly SourceFile[] {
  const url = new URL(directory, BROKEN);
  return readdirSync(url)
    .filter((name) => name.endsWith('.yaml'))
    .map((path) => ({ path, bytes: readFileSync(new URL(path, url)) }));
}
