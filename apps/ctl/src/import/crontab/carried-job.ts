import type { CarriedSchedule } from './schedule-text.js';
import type { CrontabEntry } from './crontab-entry.js';
import type { NotCarried } from './not-carried.js';
import type { ShellCommand } from './shell-script.js';
import type { CommandInput } from './split-input.js';

/** A line of a crontab as the job that it becomes. */
export interface CarriedJob {
  readonly id: string;
  readonly entry: CrontabEntry;
  /** What cron would give to the shell: also what its log shows. */
  readonly run: CommandInput;
  readonly shell: ShellCommand;
  /** Null when it has none: `@reboot`, and what no date fits. */
  readonly schedule: CarriedSchedule | null;
  readonly timezone: string;
  readonly environment: ReadonlyMap<string, string>;
  /** The board that it is bound to, or null for any. */
  readonly node: string | null;
  readonly notCarried: readonly NotCarried[];
}
