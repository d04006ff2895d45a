/** How many schedules a job of the benchmark has; each job is a file. */
export const SCHEDULES_PER_JOB = 10;
/** So many schedules are due in the same second of every minute, whatever the size. */
export const DUE_TOGETHER = 1_000;

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Santiago',
];
const MINUTES_PER_DAY = 1_440;

/**
 * Job files with so many schedules. The first thousand are due at second 0 of every minute, and each leads to a run; the
 * others are due once a year, each at a time of its own, in a month that is neither this one nor one beside it. So
 * nothing is due between the minutes.
 */
export function scaleJobs(schedules, now) {
  const files = {};
  for (let first = 0; first < schedules; first += SCHEDULES_PER_JOB) {
    const id = `job-${String(first / SCHEDULES_PER_JOB).padStart(5, '0')}`;
    const lines = Array.from({ length: SCHEDULES_PER_JOB }, (_, at) =>
      scheduleLine(first + at, now),
    );
    files[`${id}.yaml`] = `id: ${id}
name: Job ${first / SCHEDULES_PER_JOB} of the benchmark
overlap: allow
schedule:
${lines.join('')}tasks:
  - {id: only, type: command, command: "true"}
`;
  }
  return files;
}

function scheduleLine(number, now) {
  const name = `id: s${number % SCHEDULES_PER_JOB}`;
  const zone = `timezone: ${ZONES[number % ZONES.length]}`;
  if (number < DUE_TOGETHER) return `  - {${name}, cron: "* * * * *", ${zone}}\n`;
  const minute = number % MINUTES_PER_DAY;
  const day = 1 + (Math.floor(number / MINUTES_PER_DAY) % 28);
  const month = ((new Date(now).getUTCMonth() + 2 + (number % 9)) % 12) + 1;
  return `  - {${name}, cron: "${minute % 60} ${Math.floor(minute / 60)} ${day} ${month} *", ${zone}}\n`;
}
