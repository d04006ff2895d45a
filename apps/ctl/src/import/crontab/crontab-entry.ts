/** One item of a field's list, as cron reads it. */
export type CronItem =
  | { readonly kind: 'any'; readonly step: number }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly step: number }
  /** `0~29`, of OpenBSD's cron and cronie: one value, drawn when cron loads the line. */
  | { readonly kind: 'random'; readonly from: number; readonly to: number };

/** A field of a line. */
export interface CronFieldValue {
  readonly items: readonly CronItem[];
  /** Whether its text begins with `*`, which is all that Vixie's rule about the two day fields asks. */
  readonly star: boolean;
}

/** The five fields of a line. */
export interface CronFields {
  readonly minute: CronFieldValue;
  readonly hour: CronFieldValue;
  readonly dayOfMonth: CronFieldValue;
  readonly month: CronFieldValue;
  readonly dayOfWeek: CronFieldValue;
}

/** When a line is due. */
export type CronTimes =
  | { readonly kind: 'fields'; readonly fields: CronFields }
  /** `@daily` and the like, in a spelling that is the same in job files. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'reboot' };

/** A line that runs a command, with what was in force where it stands. */
export interface CrontabEntry {
  /** The file, as it is told. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The line as it is written, without blanks around it. */
  readonly raw: string;
  readonly times: CronTimes;
  /** Whether a `-` before the minute keeps it out of the log (cronie, and SUSE's cron). */
  readonly unlogged: boolean;
  /** Whether a newline ends it: the last line of a file may have none, and cron does not take it then. */
  readonly ended: boolean;
  /** Of the sixth field of a system crontab, or whose crontab it is; null when nobody says. */
  readonly user: string | null;
  /** All that follows, `%` and all. */
  readonly command: string;
  /** The environment lines above it, the last one of each name. */
  readonly environment: ReadonlyMap<string, string>;
  /** The comment right above it. */
  readonly comment: readonly string[];
}

/** A line that cron itself does not take, or that this program does not understand. */
export interface CrontabProblem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A crontab, read. */
export interface Crontab {
  readonly entries: readonly CrontabEntry[];
  readonly problems: readonly CrontabProblem[];
}
