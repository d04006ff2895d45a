import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PetitError } from '@petit/model';
import { isAlive } from '../process/process-identity.js';
import type { RunnerEvent } from '../runner.js';
import {
  connectSupervisor,
  type Connection,
  type Role,
  type SupervisorLink,
} from './connect-supervisor.js';
import {
  launchSupervisor,
  supervisorsDirectory,
  type SupervisorProgram,
} from './launch-supervisor.js';

/**
 * The supervisors of a data directory: at most one that this process started and owns, made when it is first needed
 * and made anew when it died, and those that earlier agents left behind with commands still running.
 */
export interface Supervisors {
  /** The one that starts commands. */
  own(): Promise<SupervisorLink>;
  living(): readonly SupervisorLink[];
  /** Tries again to reach those that did not answer before. */
  adoptLiving(): Promise<void>;
  /** Tells each to end all it runs and to exit, and waits until they have. Starts no other from now on. */
  endAll(killGraceMs: number): Promise<void>;
  /** Hangs up. They go on. */
  close(): Promise<void>;
}

export interface SupervisorsOptions {
  readonly program: SupervisorProgram;
  readonly log: (event: RunnerEvent) => void;
  readonly onEnded: (attemptId: string, record: string) => void;
  /** A supervisor has exited; these are the attempts whose end it did not report. */
  readonly onLost: (attemptIds: readonly string[]) => Promise<void>;
  /** A supervisor lives but has hung up; these attempts run on, and their end will not be heard. */
  readonly onUnheard: (attemptIds: readonly string[]) => void;
}

const OWNER_WELCOME_WITHIN_MS = 10_000;
const ADOPTER_WELCOME_WITHIN_MS = 2_000;
const LOOK_AGAIN_MS = 20;
const SILENT_AFTER_MS = 1_000;

/** Connects to every supervisor that is still alive, and clears away what dead ones left. */
export async function openSupervisors(options: SupervisorsOptions): Promise<Supervisors> {
  const directoryPath = supervisorsDirectory(options.program.dataDir);
  const directory = await open(directoryPath, 'r');
  const pool = new Pool(options, directory, directoryPath);
  await pool.adoptLiving();
  return pool;
}

class Pool implements Supervisors {
  readonly #options: SupervisorsOptions;
  readonly #directory: FileHandle;
  readonly #directoryPath: string;
  readonly #links: Set<SupervisorLink> = new Set();
  readonly #departures: Set<Promise<void>> = new Set();
  #own: Promise<SupervisorLink> | null = null;
  #ownLink: SupervisorLink | null = null;
  #ownName = '';
  #adopting: Promise<void> | null = null;
  #isEnding = false;
  #isClosed = false;

  constructor(options: SupervisorsOptions, directory: FileHandle, directoryPath: string) {
    this.#options = options;
    this.#directory = directory;
    this.#directoryPath = directoryPath;
  }

  own(): Promise<SupervisorLink> {
    if (this.#isEnding || this.#isClosed) {
      throw new PetitError('CONFLICT', 'this runner is closed or stopping: it starts nothing');
    }
    if (this.#ownLink?.isLost === true) this.#disown();
    this.#own ??= this.#launch().catch((error: unknown) => {
      this.#own = null;
      throw error;
    });
    return this.#own;
  }

  living(): readonly SupervisorLink[] {
    return [...this.#links];
  }

  adoptLiving(): Promise<void> {
    // One at a time, or a supervisor would be connected twice and each of its ends heard twice.
    this.#adopting ??= this.#adoptUnconnected().finally(() => (this.#adopting = null));
    return this.#adopting;
  }

  async #adoptUnconnected(): Promise<void> {
    const files = await readdir(this.#directoryPath);
    const names = new Set(files.map((file) => file.slice(0, file.lastIndexOf('.'))));
    for (const link of this.#links) names.delete(link.name);
    names.delete(this.#ownName);
    await Promise.all([...names].map((name) => this.#adopt(name)));
  }

  async endAll(killGraceMs: number): Promise<void> {
    this.#isEnding = true;
    await this.#own?.catch(() => undefined);
    await Promise.all(this.living().map((link) => link.request('stop_all', [String(killGraceMs)])));
    while (this.#links.size > 0 || this.#departures.size > 0) {
      await (this.#departures.size > 0 ? Promise.all(this.#departures) : pause(LOOK_AGAIN_MS));
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#own?.catch(() => undefined);
    for (const link of this.#links) link.close();
    this.#links.clear();
    await Promise.all(this.#departures);
    await this.#directory.close();
  }

  async #launch(): Promise<SupervisorLink> {
    const name = randomBytes(6).toString('hex');
    this.#ownName = name;
    await launchSupervisor(this.#options.program, name);
    const link = await this.#connect(name, 'owner', OWNER_WELCOME_WITHIN_MS);
    if (link === 'dead' || link === 'silent') {
      throw new PetitError('INTERNAL_ERROR', `the supervisor ${name} listens but does not answer`);
    }
    this.#links.add(link);
    this.#ownLink = link;
    this.#options.log({ event: 'supervisor_started', pid: link.process.pid, name });
    return link;
  }

  async #adopt(name: string): Promise<void> {
    const link = await this.#connect(name, 'adopter', ADOPTER_WELCOME_WITHIN_MS);
    if (link === 'dead') return await this.#clearAway(name);
    if (link === 'silent') {
      this.#options.log({ event: 'supervisor_silent', name, pid: null });
      return;
    }
    this.#links.add(link);
    const { pid } = link.process;
    this.#options.log({ event: 'supervisor_adopted', pid, attempts: link.attempts.size });
  }

  #connect(name: string, role: Role, welcomeWithinMs: number): Promise<Connection> {
    return connectSupervisor({
      name,
      role,
      welcomeWithinMs,
      directoryFd: this.#directory.fd,
      onEnded: this.#options.onEnded,
      onClosed: (link) => this.#onClosed(link),
    });
  }

  /** The next start makes another. */
  #disown(): void {
    this.#own = null;
    this.#ownLink = null;
    this.#ownName = '';
  }

  #onClosed(link: SupervisorLink): void {
    if (link === this.#ownLink) this.#disown();
    // It stays among the links until its process is gone: only then is it over.
    const departure = this.#seeOff(link).finally(() => {
      this.#links.delete(link);
      this.#departures.delete(departure);
    });
    this.#departures.add(departure);
  }

  /** A supervisor hangs up just before it exits; only after that do the files say the last word. */
  async #seeOff(link: SupervisorLink): Promise<void> {
    const { pid } = link.process;
    for (let waitedMs = 0; await isAlive(link.process); waitedMs += LOOK_AGAIN_MS) {
      if (this.#isClosed) return;
      if (waitedMs >= SILENT_AFTER_MS) {
        this.#options.log({ event: 'supervisor_silent', name: link.name, pid });
        return this.#options.onUnheard([...link.attempts]);
      }
      await pause(LOOK_AGAIN_MS);
    }
    if (this.#isClosed) return;
    const attempts = [...link.attempts];
    this.#options.log({ event: 'supervisor_gone', pid, attempts });
    await this.#clearAway(link.name);
    await this.#options.onLost(attempts);
  }

  async #clearAway(name: string): Promise<void> {
    const logPath = join(this.#directoryPath, `${name}.log`);
    const text = await readFile(logPath, 'utf8').catch(() => '');
    if (text !== '') {
      this.#options.log({ event: 'supervisor_complaint', name, text: text.slice(-4_096) });
    }
    for (const ending of ['log', 'sock', 'new']) {
      await rm(join(this.#directoryPath, `${name}.${ending}`), { force: true });
    }
  }
}
