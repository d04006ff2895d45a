// A program: loads one of the hostile files and prints how far it made the process grow.
import { compileJobs } from '../index.js';
import { HOSTILE_FILES } from './hostile-files.fixture.js';

const TINY = Buffer.from('id: a\nname: A\ntasks: [{id: a, type: command, command: x}]\n');

function peakMb(): number {
  return process.resourceUsage().maxRSS / 1_024;
}

const bytes = Buffer.from(HOSTILE_FILES[process.argv[2] ?? '']?.() ?? '');
compileJobs([{ path: 'tiny.yaml', bytes: TINY }]);
const beforeMb = peakMb();
const { jobs, problems } = compileJobs([{ path: 'hostile.yaml', bytes }]);
console.log(
  JSON.stringify({
    grownMb: peakMb() - beforeMb,
    jobs: jobs.length,
    problems: problems.length,
    code: problems[0]?.code ?? null,
  }),
);
