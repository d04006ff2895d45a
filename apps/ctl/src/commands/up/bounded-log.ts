import { closeSync, openSync, renameSync, fstatSync, writeSync } from 'node:fs';

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;

/**
 * The log file of a child: what it prints is appended, and at 4 MiB the file becomes `<path>.1` in place of the one
 * before, so that two of them are the most there ever is. The last lines are kept at hand to be shown.
 */
export class BoundedLog implements Disposable {
  readonly path: string;
  #fd: number;
  #sizeBytes: number;
  #tail = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'a', 0o600);
    this.#sizeBytes = fstatSync(this.#fd).size;
  }

  write(bytes: Buffer): void {
    if (this.#sizeBytes + bytes.length > MAX_FILE_BYTES) this.#turnOver();
    try {
      writeSync(this.#fd, bytes);
      this.#sizeBytes += bytes.length;
    } catch {
      // A full disk must not end the cluster; the lines at hand are still shown.
    }
    this.#tail = Buffer.concat([this.#tail, bytes]).subarray(-TAIL_BYTES);
  }

  /** The last lines that were written since this was made, at most `count`. */
  lastLines(count: number): readonly string[] {
    const lines = this.#tail.toString('utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #turnOver(): void {
    try {
      renameSync(this.path, `${this.path}.1`);
      closeSync(this.#fd);
      this.#fd = openSync(this.path, 'a', 0o600);
      this.#sizeBytes = 0;
    } catch {
      // Then it grows on; better a large log than none.
    }
  }
}
