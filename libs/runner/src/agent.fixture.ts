// A small agent for tests that kill one: `agent.fixture.js DATA_DIR COMMANDS`, where COMMANDS is JSON of attempt
// commands. Prints `started` when all are, and waits to be killed.
import type { AttemptCommand } from './index.js';
import { openTestRunner } from './open-test-runner.fixture.js';

const [dataDir = '', commands = '[]'] = process.argv.slice(2);
const { runner } = await openTestRunner({ dataDir, keepsRunning: true });
await Promise.all(
  (JSON.parse(commands) as AttemptCommand[]).map((command) => runner.start(command)),
);
process.stdout.write('started\n');
