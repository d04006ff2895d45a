import { PetitError } from '@petit/model';
import type { JsonFlag } from '../../cli/cluster-command.js';
import type { CtlContext } from '../../cli/context.js';
import { printJson, printLines } from '../../cli/print-answer.js';
import type { Carried } from '../../import/crontab/carry-crontab.js';
import { compareLog, type ShadowReport } from '../../import/crontab/shadow/compare-log.js';
import { readCronLog } from '../../import/crontab/shadow/read-cron-log.js';
import { spanOf } from '../../import/crontab/shadow/span-of.js';
import { screenOf } from '../../show/screen.js';
import { shadowJson, showShadow, totalOf } from '../../show/show-shadow.js';
import { readText } from './crontab-sources.js';

/** What `--shadow` is asked with. */
export interface ShadowFlags extends JsonFlag {
  /** The log: a file, or `-` for standard input. */
  readonly shadow: string;
  readonly since?: number;
  readonly until?: number;
}

/** What crontabs are compared with. */
export interface Comparison {
  readonly flags: ShadowFlags;
  readonly zone: string;
  readonly context: CtlContext;
}

/**
 * Compares our ticks of carried crontabs with cron's own log; nothing is run and nothing written. Throws SHADOW_DIFFERS
 * when they are not the same, and BAD_REQUEST when there is nothing to compare: that is no agreement.
 */
export function shadowCrontab(carried: Carried, { flags, zone, context }: Comparison): void {
  const report = compare(carried, { flags, zone, context });
  if (flags.json === true) printJson(shadowJson(report), context);
  else printLines(showShadow(report, zone, screenOf(context.stdout, context)), context.stdout);
  const { missingInCron, missingInOurs } = totalOf(report.rows);
  if (missingInCron + missingInOurs > 0)
    throw new PetitError(
      'SHADOW_DIFFERS',
      `missing in cron ${missingInCron}, missing in ours ${missingInOurs}`,
    );
}

function compare(carried: Carried, { flags, zone, context }: Comparison): ShadowReport {
  const { since, until } = flags;
  const latestAt = until ?? context.now();
  const log = readCronLog(readText(flags.shadow, context), { zone, latestAt });
  if (log.commands.length === 0)
    throw new PetitError(
      'BAD_REQUEST',
      `${flags.shadow} has no line of cron: wanted such as "2026-11-25T09:17:01+01:00 host CRON[1]: (root) CMD (true)"`,
    );
  const span = spanOf(log, { since, until });
  const report =
    span === null
      ? null
      : compareLog(
          carried.files.map(({ job }) => job),
          log,
          span,
        );
  const total = totalOf(report?.rows ?? []);
  if (report === null || total.matched + total.missingInCron + total.missingInOurs === 0)
    throw new PetitError(
      'BAD_REQUEST',
      'nothing is due in that time, here or in the log: wanted a longer log, or another --since and --until',
    );
  return report;
}
