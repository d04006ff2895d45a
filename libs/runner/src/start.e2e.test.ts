import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import {
  openTestRunner,
  PATH,
  supervisorPid,
  type TestRunner,
} from './open-test-runner.fixture.js';

let board: TestRunner;
before(async () => {
  board = await openTestRunner();
});
after(() => board[Symbol.asyncDispose]());

/** Runs a command that succeeds, and gives what it printed. */
async function outputOf(
  argv: readonly [string, ...string[]],
  options: Parameters<TestRunner['start']>[1] = {},
): Promise<string> {
  const attemptId = await board.start(argv, options);
  const standing = await board.ended(attemptId);
  assert.equal(standing.kind === 'ended' && standing.end.ending.kind, 'exited');
  return await board.stdout(attemptId);
}

test('the environment is exactly what was given, byte for byte', async () => {
  const environment = {
    PATH,
    EMPTY: '',
    LINES: 'a\nb\n',
    EQUALS: '=a=b=',
    SPACES: '  a  b ',
    LETTERS: 'äöü €𝄞',
    'odd.name': '"quoted" $HOME `id` \\',
  };
  const output = await outputOf(['env', '-0'], { environment });
  const seen = output.split('\0').slice(0, -1).toSorted();
  const given = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  assert.deepEqual(seen, given.toSorted());
});

test('arguments arrive byte for byte, and no shell reads them', async () => {
  const words = [
    '',
    ' ',
    'a b',
    '$HOME',
    '*',
    '`id`',
    "'",
    '"',
    '\n',
    '\\',
    '-n',
    '€𝄞',
    '\u0001\u007f',
  ];
  const output = await outputOf(['printf', '%s\\0', ...words]);
  assert.deepEqual(output.split('\0').slice(0, -1), words);
});

test('signals have their default dispositions and none is blocked', async () => {
  const status = await outputOf(['cat', '/proc/self/status']);
  const masks = [...status.matchAll(/^Sig(Blk|Ign|Cgt):\t(\S+)$/gm)].map(([, , mask]) => mask);
  assert.deepEqual(
    masks,
    Array.from({ length: 3 }, () => '0000000000000000'),
  );
});

test('three descriptors are open: nothing to read, and the two files', async () => {
  const attemptId = await board.start(['ls', '-l', '/proc/self/fd']);
  await board.ended(attemptId);
  const { stdout, stderr } = board.runner.paths(attemptId);
  const links = [...(await board.stdout(attemptId)).matchAll(/ ([0-9]+) -> (.*)$/gm)];
  const open = links.map(([, fd, target]) => `${fd} ${target}`);
  assert.deepEqual(open.slice(0, 3), ['0 /dev/null', `1 ${stdout}`, `2 ${stderr}`]);
  // The fourth is the directory that ls is reading.
  assert.match(open[3] ?? '', /^3 \/proc\/[0-9]+\/fd$/);
  assert.equal(open.length, 4);
});

test('the supervisor itself keeps no descriptor of the agent', async () => {
  await using file = await makeTempDir();
  const agentFiles = (await readdir('/proc/self/fd')).length;
  assert.ok(agentFiles > 10, 'this process has enough open files to leak some');
  await outputOf(['true'], { cwd: file.path });
  const open = await readdir(`/proc/${supervisorPid(board.events)}/fd`);
  assert.deepEqual(
    open.map(Number).toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5],
  );
});

test('the command leads a session and a process group of its own', async () => {
  const output = await outputOf(['sh', '-c', 'read -r stat < /proc/self/stat; echo "$$ $stat"']);
  const [pid, , , , , groupId, sessionId] = output.split(' ');
  assert.deepEqual([groupId, sessionId], [pid, pid]);
});

test('the token names the process of the command, and its start time', async () => {
  const attemptId = await board.start(['cat', '/proc/self/stat']);
  await board.ended(attemptId);
  const stat = (await board.stdout(attemptId)).split(' ');
  const token = await readFile(board.runner.paths(attemptId).started, 'utf8');
  assert.match(token, new RegExp(`^command ${stat[0]} ${stat[21]} [0-9]+$`, 'm'));
});

test('without a directory of its choice it runs in an empty one of its own', async () => {
  const attemptId = await board.start(['sh', '-c', 'pwd; ls -A']);
  await board.ended(attemptId);
  const { directory } = board.runner.paths(attemptId);
  assert.equal(await board.stdout(attemptId), `${join(directory, 'work')}\n`);
});

test('output is appended to and read in pieces, and a file that is not there yet is empty', async () => {
  const attemptId = await board.start(['sh', '-c', 'printf 0123456789; printf error >&2']);
  await board.ended(attemptId);
  const piece = async (fromByte: number, maxBytes: number): Promise<string> => {
    const { bytes, sizeBytes } = await board.runner.readLog(attemptId, 'stdout', {
      fromByte,
      maxBytes,
    });
    assert.equal(sizeBytes, 10);
    return bytes.toString();
  };
  assert.equal(await piece(0, 4), '0123');
  assert.equal(await piece(4, 100), '456789');
  assert.equal(await piece(10, 4), '');
  assert.equal(await piece(50, 4), '');
  const whole = { fromByte: 0, maxBytes: 100 };
  const errors = await board.runner.readLog(attemptId, 'stderr', whole);
  assert.equal(errors.bytes.toString(), 'error');
  const none = await board.runner.readLog('never-started', 'stdout', whole);
  assert.deepEqual(none, { bytes: Buffer.alloc(0), sizeBytes: 0 });
});

test('a log that a command replaced by a link to a file of the agent is not read', async () => {
  const attemptId = await board.start(['true']);
  await board.ended(attemptId);
  const { stdout, directory } = board.runner.paths(attemptId);
  await symlink('/etc/passwd', `${directory}/link`);
  await outputOf(['mv', '-f', `${directory}/link`, stdout]);
  const range = { fromByte: 0, maxBytes: 10 };
  await assert.rejects(board.runner.readLog(attemptId, 'stdout', range), { code: 'ELOOP' });
});

test('removing an attempt deletes what it left, however protected, and follows no link', async () => {
  await using outside = await makeTempDir();
  await writeFile(join(outside.path, 'precious'), '');
  const script = `mkdir -p a/b; touch a/b/c; ln -s ${outside.path} a/b/link; chmod 0 a/b; chmod 500 a .`;
  const attemptId = await board.start(['sh', '-c', script]);
  await board.ended(attemptId);
  assert.ok((await board.runner.list()).includes(attemptId));
  await board.runner.remove(attemptId);
  await board.runner.remove(attemptId);
  assert.ok(!(await board.runner.list()).includes(attemptId));
  assert.deepEqual(await readdir(outside.path), ['precious']);
});

test('a running attempt is not removed', async () => {
  const attemptId = await board.start(['sleep', '60']);
  await assert.rejects(board.runner.remove(attemptId), { code: 'CONFLICT' });
  await board.runner.stop(attemptId, { killGraceMs: 1_000 });
  await board.ended(attemptId);
  await board.runner.remove(attemptId);
});

test('without perl the error names the package', async () => {
  await using other = await openTestRunner({ perlPath: '/nonexistent/perl' });
  await assert.rejects(other.start(['true']), {
    code: 'PROGRAM_MISSING',
    message: /perl-base/,
  });
});

test('a supervisor that does not come up is quoted', async () => {
  await using temp = await makeTempDir();
  const supervisorPath = join(temp.path, 'broken.pl');
  await writeFile(supervisorPath, 'die "no such luck\\n"');
  await using other = await openTestRunner({ supervisorPath });
  await assert.rejects(other.start(['true']), { code: 'INTERNAL_ERROR', message: /no such luck/ });
});

test('as an ordinary user it runs as well, and what that user may not do is told apart', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root, to become another user');
  // Not below a directory that only root may search.
  await using temp = await makeTempDir('petit-', '/tmp');
  const dataDir = join(temp.path, 'data');
  const perlPath = join(temp.path, 'perl-as-nobody');
  await chmod(temp.path, 0o755);
  for (const path of [dataDir, join(dataDir, 'attempts'), join(dataDir, 'supervisors')]) {
    await mkdir(path, { mode: 0o700 });
    await chown(path, 65_534, 65_534);
  }
  await mkdir(join(temp.path, 'closed'), { mode: 0o700 });
  await writeFile(join(temp.path, 'closed', 'program'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(temp.path, 'of-root'), '#!/bin/sh\n', { mode: 0o700 });
  const setpriv = 'setpriv --reuid 65534 --regid 65534 --clear-groups /usr/bin/perl "$@"';
  await writeFile(perlPath, `#!/bin/sh\nPATH=/usr/bin:/bin exec ${setpriv}\n`, { mode: 0o755 });
  await using other = await openTestRunner({ dataDir, perlPath });
  const attemptId = await other.start(['id', '-u']);
  await other.ended(attemptId);
  assert.equal(await other.stdout(attemptId), '65534\n');
  for (const program of ['closed/program', 'of-root']) {
    const standing = await other.run([join(temp.path, program)]);
    const ending = standing.kind === 'ended' ? standing.end.ending : null;
    assert.equal(ending?.kind === 'start_failed' && ending.reason, 'no_permission', program);
  }
});
