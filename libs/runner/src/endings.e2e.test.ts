import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { AttemptEnding } from '@petit/model';
import { makeTempDir, type TempDir } from '@petit/testkit';
import type { AttemptCommand } from './index.js';
import { openTestRunner, PATH, type TestRunner } from './open-test-runner.fixture.js';

let board: TestRunner;
let files: TempDir;
before(async () => {
  board = await openTestRunner();
  files = await makeTempDir();
  await writeFixtures(files.path);
});
after(async () => {
  await board[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
});

async function writeFixtures(directory: string): Promise<void> {
  const write = async (name: string, content: string | Buffer, mode: number): Promise<void> => {
    await writeFile(join(directory, name), content);
    await chmod(join(directory, name), mode);
  };
  await write('script', '#!/bin/sh\nexit 5\n', 0o755);
  await write('not-executable', '#!/bin/sh\n', 0o644);
  await write('no-interpreter', '#!/nonexistent/interpreter\n', 0o755);
  await write('no-first-line', 'echo a shell would run this\n', 0o755);
  await write('other-machine', elfHeader(0x5441), 0o755);
  await mkdir(join(directory, 'directory'));
}

/** The head of a program for a machine that does not exist. */
function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(machine, 18);
  return header;
}

async function endingOf(
  argv: readonly [string, ...string[]],
  options: Partial<AttemptCommand> = {},
): Promise<AttemptEnding> {
  const standing = await board.run(argv, options);
  assert.equal(standing.kind, 'ended');
  return standing.kind === 'ended' ? standing.end.ending : { kind: 'unknown', reason: '' };
}

const sh = (script: string): readonly [string, ...string[]] => ['sh', '-c', script];

for (const code of [0, 1, 2, 100, 126, 127, 128, 129, 137, 143, 255]) {
  test(`exit code ${code} is recorded as an exit code, whatever a shell would read into it`, async () => {
    assert.deepEqual(await endingOf(sh(`exit ${code}`)), { kind: 'exited', code });
  });
}

for (const signal of [
  'HUP',
  'INT',
  'QUIT',
  'ABRT',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'PIPE',
  'TERM',
]) {
  test(`a command that SIG${signal} ends is recorded as ended by a signal`, async () => {
    const ending = await endingOf(sh(`ulimit -c 0; kill -${signal} $$`));
    assert.deepEqual(ending, { kind: 'signalled', signal: `SIG${signal}` });
  });
}

interface Refusal {
  readonly title: string;
  readonly argv: (directory: string) => readonly [string, ...string[]];
  readonly options?: (directory: string) => Partial<AttemptCommand>;
  readonly reason: string;
  readonly message: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    title: 'a name that no directory of PATH has',
    argv: () => ['no-such-program'],
    reason: 'not_found',
    message: /^no-such-program: not found in PATH, which is \/usr\/bin:\/bin$/,
  },
  {
    title: 'a name that only the PATH of the agent has',
    argv: () => ['sh', '-c', 'exit 0'],
    options: (directory) => ({ environment: { PATH: `${directory}:/nonexistent` } }),
    reason: 'not_found',
    message: /^sh: not found in PATH/,
  },
  {
    title: 'a path without a file',
    argv: () => ['/nonexistent/program'],
    reason: 'not_found',
    message: /^\/nonexistent\/program: no such file$/,
  },
  { title: 'an empty name', argv: () => [''], reason: 'not_found', message: /not found in PATH/ },
  {
    title: 'a script whose interpreter is missing',
    argv: (directory) => [join(directory, 'no-interpreter')],
    reason: 'not_found',
    message: /no-interpreter: the interpreter that it asks for is missing$/,
  },
  {
    title: 'a file without the right to execute',
    argv: (directory) => [join(directory, 'not-executable')],
    reason: 'not_executable',
    message: /not-executable: not marked as executable$/,
  },
  {
    title: 'a directory',
    argv: (directory) => [join(directory, 'directory')],
    reason: 'not_executable',
    message: /directory: is a directory$/,
  },
  {
    title: 'a text without a first line, which a shell would run',
    argv: (directory) => [join(directory, 'no-first-line')],
    reason: 'not_executable',
    message: /made for another machine, or a script whose first line/,
  },
  {
    title: 'a program for another machine',
    argv: (directory) => [join(directory, 'other-machine')],
    reason: 'not_executable',
    message: /made for another machine/,
  },
  {
    title: 'a working directory that is missing',
    argv: () => ['true'],
    options: () => ({ cwd: '/nonexistent/ä directory' }),
    reason: 'bad_directory',
    message: /^\/nonexistent\/ä directory: No such file or directory$/,
  },
  {
    title: 'a working directory that is a file',
    argv: () => ['true'],
    options: (directory) => ({ cwd: join(directory, 'script') }),
    reason: 'bad_directory',
    message: /script: Not a directory$/,
  },
  {
    title: 'a working directory that is not absolute',
    argv: () => ['true'],
    options: () => ({ cwd: 'tmp' }),
    reason: 'bad_directory',
    message: /must begin with \//,
  },
  {
    title: 'one argument over the limit of the kernel',
    argv: () => ['true', 'x'.repeat(200_000)],
    reason: 'argument_too_long',
    message: /^arguments and environment have 2000\d\d bytes, the longest 200001:/,
  },
  {
    title: 'many arguments over the limit of the kernel',
    argv: () => ['true', ...Array.from({ length: 70 }, () => 'x'.repeat(100_000))],
    reason: 'argument_too_long',
    message: /more than Linux takes$/,
  },
  {
    title: 'arguments that are not even sent',
    argv: () => ['true', ...Array.from({ length: 90 }, () => 'x'.repeat(100_000))],
    reason: 'argument_too_long',
    message: /more than Linux takes$/,
  },
  {
    title: 'a NUL byte in an argument',
    argv: () => ['true', 'a\0b'],
    reason: 'nul_byte',
    message: /"a\\u0000b"/,
  },
];

for (const { title, argv, options, reason, message } of REFUSALS) {
  test(`the start fails on ${title}: ${reason}`, async () => {
    const ending = await endingOf(argv(files.path), options?.(files.path));
    assert.equal(ending.kind, 'start_failed');
    if (ending.kind !== 'start_failed') return;
    assert.equal(ending.reason, reason);
    assert.match(ending.message, message);
  });
}

test('a program is found in the PATH it is given, in its order, past files that cannot be executed', async () => {
  const first = join(files.path, 'first');
  await mkdir(first);
  await writeFile(join(first, 'script'), 'not executable');
  const environment = { PATH: `/nonexistent:${first}:${files.path}:${PATH}` };
  assert.deepEqual(await endingOf(['script'], { environment }), { kind: 'exited', code: 5 });
});

test('without PATH the directories of the system are searched', async () => {
  assert.deepEqual(await endingOf(['true'], { environment: {} }), { kind: 'exited', code: 0 });
});

test('a name with a slash is taken from the working directory', async () => {
  const ending = await endingOf(['./script'], { cwd: files.path });
  assert.deepEqual(ending, { kind: 'exited', code: 5 });
});

test('an end has its times, by the wall clock and by the monotonic one, and its processor time', async () => {
  const standing = await board.run(
    sh('i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; sleep 0.1'),
  );
  assert.equal(standing.kind, 'ended');
  if (standing.kind !== 'ended') return;
  const { startedAt, endedAt, durationMs, cpuMs } = standing.end;
  assert.ok(startedAt !== null && durationMs !== null && cpuMs !== null);
  assert.ok(durationMs >= 100 && durationMs < 10_000, `${durationMs} ms`);
  assert.ok(cpuMs >= 10 && cpuMs <= durationMs, `${cpuMs} of ${durationMs} ms`);
  assert.ok(Math.abs(endedAt - startedAt - durationMs) < 1_000, `${startedAt} to ${endedAt}`);
  assert.ok(Math.abs(endedAt - new Date().valueOf()) < 10_000, `${endedAt} is not now`);
});

test('a start that failed has no start and no duration', async () => {
  const standing = await board.run(['/nonexistent']);
  assert.equal(standing.kind, 'ended');
  if (standing.kind !== 'ended') return;
  const { startedAt, durationMs, cpuMs } = standing.end;
  assert.deepEqual(
    { startedAt, durationMs, cpuMs },
    { startedAt: null, durationMs: null, cpuMs: null },
  );
});

test('what is heard of an end is what the files say', async () => {
  const attemptId = await board.start(sh('exit 3'));
  const heard = await board.ended(attemptId);
  assert.deepEqual(await board.runner.inspect(attemptId), heard);
});
