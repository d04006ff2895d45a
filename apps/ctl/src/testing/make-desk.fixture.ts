import type { TestContext } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { startFakeLeader, type FakeAnswers, type FakeLeader } from './fake-leader.fixture.js';
import { runInTest, type Ran, type RunOptions } from './run-in-test.fixture.js';

/** A fake leader, a directory, and petit-ctl that asks it. */
export interface Desk {
  readonly leader: FakeLeader;
  readonly directory: string;
  /** Runs a command line, split at blanks. */
  readonly run: (line: string, options?: Partial<RunOptions>) => Promise<Ran>;
}

/** Sets up a desk that is cleared when the test ends. */
export async function makeDesk(t: TestContext, answers: FakeAnswers): Promise<Desk> {
  const temp = await makeTempDir();
  const leader = await startFakeLeader(answers);
  t.after(async () => {
    await leader[Symbol.asyncDispose]();
    await temp[Symbol.asyncDispose]();
  });
  return {
    leader,
    directory: temp.path,
    run: (line, options = {}) =>
      runInTest(line.split(' '), {
        cwd: temp.path,
        ...options,
        environment: {
          PETIT_SERVER: leader.address,
          PETIT_TOKEN: 'secret',
          ...options.environment,
        },
      }),
  };
}
