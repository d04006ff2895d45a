import { deliveryId } from '@petit/store/shared';
import type { AttemptEnd, AttemptId } from '@petit/model';
import type { DeclineReason, Envelope, Signed } from '@petit/protocol';
import { JournalFile } from './journal-file.js';
import type { JournalLine, JournalText } from './journal-line.js';

/** How far an accepted delivery has come. */
export type EntryState =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'granted' }
  | { readonly kind: 'declined'; readonly why: DeclineReason };

/** An accepted delivery whose end, or refusal, the run record does not show yet. */
export interface OpenEntry {
  /** Of the delivery. */
  readonly id: string;
  readonly envelope: Envelope;
  readonly signed: Signed;
  /** Under which it was accepted. */
  readonly bootId: string;
  readonly state: EntryState;
}

/** An attempt whose end the run record shows. */
export interface SettledEntry {
  readonly id: string;
  readonly attemptId: AttemptId;
  readonly placement: number;
  readonly end: AttemptEnd;
  readonly expiresAt: number;
  readonly settledAt: number;
}

export interface JournalOptions {
  readonly path: string;
  /** The id of a new journal: random. */
  readonly freshId: string;
  /** Opens an envelope that was accepted once; null when it is not one of this cluster. */
  readonly openEnvelope: (signed: Signed) => Envelope | null;
}

/** What was found wrong when the journal was read. */
export interface JournalDamage {
  readonly badLines: readonly number[];
  /** Entries whose envelope this cluster did not sign. */
  readonly foreign: number;
}

/** How many settled attempts are remembered, the newest. */
const MOST_SETTLED = 5_000;
/** For how long at least: more than a Redis that syncs each second can lose. */
const SETTLED_FOR_MS = 60_000;

/**
 * The worker's own record of attempts, in memory and on disk. A delivery moves accepted → granted → settled, or
 * accepted → declined, and is forgotten at last; the end itself is the runner's to remember. Accepting is synced to
 * the disk, everything else is written a little later: what is lost of it by then is found again by asking.
 */
export class Journal implements AsyncDisposable {
  readonly #open = new Map<string, OpenEntry>();
  readonly #settled = new Map<AttemptId, SettledEntry>();
  readonly #options: JournalOptions;
  #id: string;
  #highestEpoch = 0;
  #damage: JournalDamage = { badLines: [], foreign: 0 };
  #file: JournalFile | null = null;

  private constructor(options: JournalOptions) {
    this.#options = options;
    this.#id = options.freshId;
  }

  /** Opens the journal of a data directory, or makes one. */
  static async open(options: JournalOptions): Promise<Journal> {
    const journal = new Journal(options);
    let isNew = true;
    journal.#file = await JournalFile.open(options.path, {
      load: (text) => {
        isNew = text.lines[0]?.kind !== 'journal';
        journal.#load(text);
      },
      snapshot: () => journal.#snapshot(),
    });
    if (isNew) await journal.#file.append({ kind: 'journal', v: 1, id: journal.#id });
    return journal;
  }

  /** Random, made with the journal: a recreated data directory has another one. */
  get id(): string {
    return this.#id;
  }

  get damage(): JournalDamage {
    return this.#damage;
  }

  /** Of all envelopes that were ever accepted. */
  get highestEpoch(): number {
    return this.#highestEpoch;
  }

  open(): Iterable<OpenEntry> {
    return this.#open.values();
  }

  settled(): Iterable<SettledEntry> {
    return this.#settled.values();
  }

  findOpen(id: string): OpenEntry | null {
    return this.#open.get(id) ?? null;
  }

  /** How an attempt ended, when the run record shows that, under whatever placement. */
  findSettled(attemptId: AttemptId): SettledEntry | null {
    return this.#settled.get(attemptId) ?? null;
  }

  /** The open entry by which an attempt runs or ran here: the one with leave, whatever its placement. */
  grantedOf(attemptId: string): OpenEntry | null {
    let found: OpenEntry | null = null;
    for (const entry of this.#open.values()) {
      if (entry.envelope.attemptId === attemptId && entry.state.kind === 'granted') found = entry;
    }
    return found;
  }

  /** Resolves once it is on the disk; the entry is known from the call on. Throws when it cannot be written. */
  async accept(accepted: {
    readonly envelope: Envelope;
    readonly signed: Signed;
    readonly bootId: string;
  }): Promise<OpenEntry> {
    const { envelope, signed, bootId } = accepted;
    const { attemptId, placement, epoch } = envelope;
    const id = deliveryId(attemptId, placement);
    const entry: OpenEntry = { id, envelope, signed, bootId, state: { kind: 'accepted' } };
    this.#open.set(id, entry);
    if (epoch > this.#highestEpoch) {
      this.#highestEpoch = epoch;
      this.#note({ kind: 'epoch', epoch });
    }
    try {
      await this.#append({ kind: 'accepted', attemptId, placement, bootId, envelope: signed });
      return entry;
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
  }

  /** Writes down that leave was given. */
  grant(entry: OpenEntry): OpenEntry {
    this.#note({ kind: 'granted', ...aboutOf(entry) });
    return this.#move(entry, { kind: 'granted' });
  }

  /** Writes down that it will not be started. */
  decline(entry: OpenEntry, why: DeclineReason): void {
    this.#move(entry, { kind: 'declined', why });
    this.#note({ kind: 'declined', ...aboutOf(entry), why });
  }

  /** Writes down that the run record shows the end. `now` is Redis' clock. */
  settle(entry: OpenEntry, end: AttemptEnd, now: number): void {
    const { attemptId, placement, expiresAt } = entry.envelope;
    const settled = { attemptId, placement, end, expiresAt, settledAt: now };
    this.#keepSettled({ id: entry.id, ...settled });
    this.#note({ kind: 'settled', ...settled });
  }

  /** Writes down that an entry matters no more. */
  forget(entry: OpenEntry | SettledEntry): void {
    const about = aboutOf(entry);
    this.#drop(entry.id, about.attemptId);
    this.#note({ kind: 'forgotten', ...about });
  }

  /** Forgets settled attempts that nobody will ask for: past their envelope's expiry, or the oldest of too many. */
  forgetOld(now: number): void {
    const surplus = this.#settled.size - MOST_SETTLED;
    let seen = 0;
    for (const entry of this.#settled.values()) {
      const isOld = now > entry.expiresAt && now - entry.settledAt > SETTLED_FOR_MS;
      if (isOld || seen < surplus) this.forget(entry);
      seen += 1;
    }
  }

  /** Resolves when everything that was written down is on the disk, or could not be written. */
  async flush(): Promise<void> {
    await this.#file?.flush();
  }

  /** Resolves when the disk takes a line, throws when it does not. */
  async probe(): Promise<void> {
    await this.#append({ kind: 'epoch', epoch: this.#highestEpoch });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }

  #keepSettled(entry: SettledEntry): void {
    this.#open.delete(entry.id);
    // So that the newest is the last.
    this.#settled.delete(entry.attemptId);
    this.#settled.set(entry.attemptId, entry);
  }

  #drop(id: string, attemptId: AttemptId): void {
    this.#open.delete(id);
    if (this.#settled.get(attemptId)?.id === id) this.#settled.delete(attemptId);
  }

  #move(entry: OpenEntry, state: EntryState): OpenEntry {
    const moved = { ...entry, state };
    this.#open.set(entry.id, moved);
    return moved;
  }

  async #append(line: JournalLine): Promise<void> {
    await this.#file?.append(line);
  }

  #note(line: JournalLine): void {
    this.#file?.note(line);
  }

  #load({ lines, badLines }: JournalText): void {
    let foreign = 0;
    for (const line of lines) if (!this.#apply(line)) foreign += 1;
    this.#damage = { badLines, foreign };
  }

  /** Takes one line over; false for an envelope of another cluster. */
  #apply(line: JournalLine): boolean {
    switch (line.kind) {
      case 'journal':
        this.#id = line.id;
        return true;
      case 'epoch':
        this.#highestEpoch = Math.max(this.#highestEpoch, line.epoch);
        return true;
      case 'accepted':
        return this.#applyAccepted(line);
      case 'granted':
      case 'declined': {
        const entry = this.#open.get(deliveryId(line.attemptId, line.placement));
        const state: EntryState =
          line.kind === 'granted' ? { kind: 'granted' } : { kind: 'declined', why: line.why };
        if (entry !== undefined) this.#move(entry, state);
        return true;
      }
      case 'settled': {
        const { kind: _, ...settled } = line;
        this.#keepSettled({ id: deliveryId(line.attemptId, line.placement), ...settled });
        return true;
      }
      case 'forgotten':
        this.#drop(deliveryId(line.attemptId, line.placement), line.attemptId);
        return true;
      default:
        return line satisfies never;
    }
  }

  #applyAccepted(line: JournalLine & { kind: 'accepted' }): boolean {
    const envelope = this.#options.openEnvelope(line.envelope);
    if (envelope === null) return false;
    const id = deliveryId(line.attemptId, line.placement);
    const { bootId, envelope: signed } = line;
    this.#open.set(id, { id, envelope, signed, bootId, state: { kind: 'accepted' } });
    return true;
  }

  /** Every line that is needed to read the same journal again. */
  #snapshot(): readonly JournalLine[] {
    const lines: JournalLine[] = [
      { kind: 'journal', v: 1, id: this.#id },
      { kind: 'epoch', epoch: this.#highestEpoch },
    ];
    for (const { id: _, ...settled } of this.#settled.values()) {
      lines.push({ kind: 'settled', ...settled });
    }
    for (const entry of this.#open.values()) lines.push(...linesOf(entry));
    return lines;
  }
}

function linesOf(entry: OpenEntry): readonly JournalLine[] {
  const about = aboutOf(entry);
  const { bootId, signed, state } = entry;
  const accepted: JournalLine = { kind: 'accepted', ...about, bootId, envelope: signed };
  switch (state.kind) {
    case 'accepted':
      return [accepted];
    case 'granted':
      return [accepted, { kind: 'granted', ...about }];
    case 'declined':
      return [accepted, { kind: 'declined', ...about, why: state.why }];
    default:
      return state satisfies never;
  }
}

function aboutOf(entry: OpenEntry | SettledEntry): {
  readonly attemptId: AttemptId;
  readonly placement: number;
} {
  const { attemptId, placement } = 'envelope' in entry ? entry.envelope : entry;
  return { attemptId, placement };
}
