import { constants } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { encodeLine, parseJournal, type JournalLine, type JournalText } from './journal-line.js';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Far less than attempts' files are kept once their end is settled. */
const NOTE_DELAY_MS = 2_000;
/** Every write is synced by itself: one call to the system, and no hole that a later one could leave behind. */
const SYNCED_APPEND = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC;
const SMALLEST_TO_COMPACT_BYTES = 1 << 20;
const COMPACT_WHEN_GROWN_BY = 4;

/**
 * A file that lines are appended to. It is idle, or writing one batch: what arrives meanwhile waits and goes with the
 * next one, so that many appends share one sync. After a write that failed nobody knows what the file holds: it is
 * broken then, and the next batch writes it anew from `snapshot`, which is everything that still matters, whatever is
 * waiting included. The same is done when it has grown.
 */
export class JournalFile {
  readonly #path: string;
  readonly #snapshot: () => readonly JournalLine[];
  #file: FileHandle;
  #sizeBytes: number;
  #compactedBytes: number;
  #isBroken: boolean;
  #lines: string[] = [];
  #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | null = null;
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();

  private constructor(parts: {
    readonly path: string;
    readonly snapshot: () => readonly JournalLine[];
    readonly file: FileHandle;
    readonly text: JournalText;
  }) {
    this.#path = parts.path;
    this.#snapshot = parts.snapshot;
    this.#file = parts.file;
    this.#sizeBytes = parts.text.wholeBytes;
    this.#compactedBytes = Buffer.byteLength(this.#snapshotText());
    this.#isBroken = parts.text.badLines.length > 0;
  }

  /** Opens, or makes, the file, hands what it holds to `load`, and cuts off what a loss of power left half written. */
  static async open(
    path: string,
    memory: {
      readonly load: (text: JournalText) => void;
      readonly snapshot: () => readonly JournalLine[];
    },
  ): Promise<JournalFile> {
    const file = await open(path, SYNCED_APPEND, 0o600);
    try {
      const text = parseJournal(await file.readFile());
      await file.truncate(text.wholeBytes);
      if (text.wholeBytes === 0) await syncDirectory(dirname(path));
      memory.load(text);
      return new JournalFile({ path, snapshot: memory.snapshot, file, text });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Resolves when the line, and every line before it, would survive a loss of power. Rejects when it may not. */
  append(line: JournalLine): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#lines.push(encodeLine(line));
      this.#waiters.push({ resolve, reject });
      this.#write();
    });
  }

  /** Writes a line with the next append, or within two seconds. Until then the end of this process may take it. */
  note(line: JournalLine): void {
    this.#lines.push(encodeLine(line));
    this.#timer ??= setTimeout(() => this.#write(), NOTE_DELAY_MS);
  }

  /** Resolves when everything noted so far was written, or could not be. */
  async flush(): Promise<void> {
    if (this.#lines.length > 0) this.#write();
    await this.#written;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }

  #write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isWriting) this.#written = this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#lines.length > 0) {
      const text = this.#lines.join('');
      const waiters = this.#waiters;
      this.#lines = [];
      this.#waiters = [];
      try {
        if (this.#isBroken || this.#hasGrown()) await this.#rewrite();
        else this.#sizeBytes += await writeWhole(this.#file, text);
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        this.#isBroken = true;
        for (const waiter of waiters) waiter.reject(error);
      }
    }
    this.#isWriting = false;
  }

  async #rewrite(): Promise<void> {
    const draftPath = join(dirname(this.#path), `.${basename(this.#path)}.draft`);
    await rm(draftPath, { force: true });
    const draft = await open(draftPath, SYNCED_APPEND | constants.O_EXCL, 0o600);
    try {
      const sizeBytes = await writeWhole(draft, this.#snapshotText());
      await rename(draftPath, this.#path);
      await syncDirectory(dirname(this.#path));
      this.#sizeBytes = this.#compactedBytes = sizeBytes;
    } catch (error) {
      await draft.close();
      throw error;
    }
    const old = this.#file;
    this.#file = draft;
    this.#isBroken = false;
    await old.close();
  }

  #snapshotText(): string {
    return this.#snapshot().map(encodeLine).join('');
  }

  #hasGrown(): boolean {
    const limitBytes = Math.max(
      SMALLEST_TO_COMPACT_BYTES,
      this.#compactedBytes * COMPACT_WHEN_GROWN_BY,
    );
    return this.#sizeBytes > limitBytes;
  }
}

async function writeWhole(file: FileHandle, text: string): Promise<number> {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
  return bytes.length;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
