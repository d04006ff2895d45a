import { fileURLToPath } from 'node:url';
import type { Machine } from '@petit/testkit';

interface Questions {
  readonly server: string;
  /** Null asks without one. */
  readonly token: string | null;
  readonly requests: readonly { readonly method: string; readonly path: string }[];
}

const OWN_PATH = fileURLToPath(import.meta.url);

/** Asks from a machine of a test, and gives the status of each answer. */
export async function askFrom(machine: Machine, questions: Questions): Promise<readonly number[]> {
  const { stdout, stderr } = await machine.run([process.execPath, OWN_PATH], {
    environment: { PATH: process.env['PATH'] ?? '' },
    input: JSON.stringify(questions),
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as number[];
}

/** What is run there: this file, with the questions on its standard input. */
async function answerQuestions(): Promise<void> {
  let text = '';
  for await (const part of process.stdin.setEncoding('utf8')) text += String(part);
  const { server, token, requests } = JSON.parse(text) as Questions;
  const statuses: number[] = [];
  for (const { method, path } of requests) {
    const answer = await fetch(`${server}${path}`, {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
    // A stream has no end: its head is the answer.
    await answer.body?.cancel();
    statuses.push(answer.status);
  }
  process.stdout.write(JSON.stringify(statuses));
}

if (process.argv[1] === OWN_PATH) await answerQuestions();
