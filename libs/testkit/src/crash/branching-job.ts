import { TASK_CONDITIONS } from '@petit/model';
import { evidentTask, type EvidentJob, type EvidentJobTask } from './evident-job.js';
import type { SeededRandom } from './seeded-random.js';

const BRANCHES = 4;
const LEAVES_A_BRANCH = 5;

/**
 * A job whose graph branches widely enough to keep two workers of four slots busy and their placements ahead: one
 * task, then twenty side by side in four branches, a join of each under another condition, two tasks behind each join,
 * and one last. Some of the twenty fail, one of them after a second try.
 */
export function branchingJob(id: string, random: SeededRandom): EvidentJob {
  const tasks: EvidentJobTask[] = [evidentTask({ id: 'begin' })];
  for (let branch = 0; branch < BRANCHES; branch += 1) tasks.push(...branchOf(branch, random));
  const tails = tasks.filter(({ id: task }) => task.startsWith('tail')).map(({ id: task }) => task);
  tasks.push(evidentTask({ id: 'last', dependsOn: tails, condition: 'all_done' }));
  return { id, tasks, schedule: null };
}

function branchOf(branch: number, random: SeededRandom): readonly EvidentJobTask[] {
  const fails = random.next() < 0.5 ? random.whole(0, LEAVES_A_BRANCH - 1) : -1;
  const leaves = Array.from({ length: LEAVES_A_BRANCH }, (_, index) =>
    evidentTask({
      id: `leaf${branch}${index}`,
      dependsOn: ['begin'],
      busyMs: random.whole(100, 450),
      exitCode: index === fails ? 1 : 0,
      retries: index === fails && branch === 0 ? 1 : 0,
    }),
  );
  const join = evidentTask({
    id: `join${branch}`,
    dependsOn: leaves.map(({ id }) => id),
    condition: TASK_CONDITIONS[branch] ?? 'all_done',
    busyMs: random.whole(5, 50),
  });
  const tails = (['all_success', 'all_done'] as const).map((condition, index) =>
    evidentTask({
      id: `tail${branch}${index}`,
      dependsOn: [join.id],
      condition,
      busyMs: random.whole(5, 80),
    }),
  );
  return [...leaves, join, ...tails];
}
