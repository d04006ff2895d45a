import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AttemptCommand } from './index.js';

const AGENT = fileURLToPath(new URL('agent.fixture.js', import.meta.url));

/** A process of its own that has started these commands, and holds the runner open until it is killed. */
export async function startAgent(
  dataDir: string,
  commands: readonly AttemptCommand[],
): Promise<ChildProcess> {
  const agent = spawn(process.execPath, [AGENT, dataDir, JSON.stringify(commands)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await Promise.race([
    once(agent.stdout, 'data'),
    once(agent, 'exit'),
  ])) as readonly unknown[];
  if (String(printed) !== 'started\n') throw new Error(`the agent ended with ${String(printed)}`);
  return agent;
}

/** `kill -9`, and waits until it is gone. */
export async function killAgent(agent: ChildProcess): Promise<void> {
  const exited = once(agent, 'exit');
  agent.kill('SIGKILL');
  await exited;
}
