// The ticks of a year by the brute-force oracle of libs/schedule/src/oracle, which shares no code with the product.
import { createHash } from 'node:crypto';
import { oracleTicksIn, readWalls, wallReader } from '@petit/schedule/oracle';

const MINUTE_MS = 60_000;
/** The patterns with seconds name no others than 0 and 30. */
const HALF_MINUTE_MS = 30_000;
/** No clock is set back by more. */
const MARGIN_MS = 30 * 3_600_000;

/**
 * Every tick of these jobs in (fromAt, untilAt], the instants at which something is due, and the changes of the clocks of
 * their zones, as the wall times of the runtime show them.
 */
export function expectTicks(jobs, { fromAt, untilAt }) {
  const schedules = [];
  const changes = [];
  for (const zone of zonesOf(jobs)) {
    const isFine = jobs.some(({ schedules: of }) =>
      of.some((one) => one.zone === zone && one.text.split(' ').length === 6),
    );
    const stepMs = isFine ? HALF_MINUTE_MS : MINUTE_MS;
    const range = { fromAt: fromAt - MARGIN_MS, untilAt: untilAt + MARGIN_MS, stepMs };
    const walls = readWalls(wallReader(zone), range);
    changes.push(...changesIn(walls, zone).filter(({ at }) => at > fromAt && at < untilAt));
    for (const { job, schedule } of schedulesIn(jobs, zone)) {
      const { id, text, dst } = schedule;
      const question = {
        text: withoutH(text, job.id),
        ...(dst === null ? {} : { dst }),
        after: fromAt,
        until: untilAt,
      };
      const ticks = oracleTicksIn(walls, question);
      schedules.push({
        scheduleId: `${job.id}@${id}`,
        job,
        ticks: ticks.map(({ at, wall }) => ({ at, wall })),
      });
    }
  }
  const dueAts = [...new Set(schedules.flatMap(({ ticks }) => ticks.map(({ at }) => at)))];
  return { schedules, changes, dueAts: dueAts.sort((a, b) => a - b) };
}

export function zonesOf(jobs) {
  return [...new Set(jobs.flatMap(({ schedules }) => schedules.map(({ zone }) => zone)))];
}

function schedulesIn(jobs, zone) {
  return jobs.flatMap((job) =>
    job.schedules
      .filter((schedule) => schedule.zone === zone)
      .map((schedule) => ({ job, schedule })),
  );
}

function changesIn({ walls, fromAt, stepMs }, zone) {
  const found = [];
  for (let index = 1; index < walls.length; index += 1) {
    const jumpMs = walls[index] - walls[index - 1] - stepMs;
    if (jumpMs === 0) continue;
    const kind = jumpMs > 0 ? 'gap' : 'repeat';
    found.push({ at: fromAt + index * stepMs, zone, kind, lengthMs: Math.abs(jumpMs) });
  }
  return found;
}

const FIELDS = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
];

/** `H` and `H(a-b)` of minute and hour in numbers, by the rule that the design states: a hash of job and field. */
function withoutH(text, jobId) {
  if (!text.includes('H')) return text;
  const fields = text.split(' ');
  return fields
    .map((field, index) => {
      const match = /^H(?:\((\d+)-(\d+)\))?$/.exec(field);
      if (match === null) return field;
      const { name, from, to } = FIELDS[index];
      const [least, most] = [Number(match[1] ?? from), Number(match[2] ?? to)];
      const hash = createHash('sha256').update(`${jobId}\n${name}`).digest();
      return String(least + (hash.readUInt32BE(0) % (most - least + 1)));
    })
    .join(' ');
}
