import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEvent, LogsView } from '@petit/protocol';
import { LogStream } from '../testing/fake-leader.fixture.js';
import { makeDesk } from '../testing/make-desk.fixture.js';
import { COMPLETED_RUN, RUN_ID, runView, taskView } from '../testing/sample-views.fixture.js';

const LOGS = `GET /runs/${RUN_ID}/logs`;
const STREAM = `GET /runs/${RUN_ID}/logs/stream`;

interface Piece {
  readonly key?: string;
  readonly stream?: 'stdout' | 'stderr';
  readonly fromByte?: number;
  readonly bytes: string | Buffer;
}

function stored({
  key = 'extract',
  stream = 'stdout',
  fromByte = 0,
  bytes,
}: Piece): LogsView['logs'][number] {
  const raw = Buffer.from(bytes);
  return {
    key,
    attempt: 1,
    stream,
    fromByte,
    sizeBytes: fromByte + raw.length,
    bytes: raw.toString('base64'),
  };
}

function chunk(piece: Piece): LogEvent {
  const { key, attempt, stream, fromByte, bytes } = stored(piece);
  return { kind: 'chunk', key, attempt, stream, fromByte, bytes };
}

test('into a pipe goes what was printed, byte for byte', async (t) => {
  const bytes = Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0x00, 0xff, 0xfe, 0x0a]);
  const { run } = await makeDesk(t, {
    [LOGS]: { logs: [stored({ bytes: bytes.subarray(0, 5) })] },
  });
  const { stdout, exitCode } = await run(`logs ${RUN_ID}`);
  assert.equal(exitCode, 0);
  assert.deepEqual(Buffer.from(stdout), bytes.subarray(0, 5));
});

test('attack 47: on a terminal escapes, links, bidi marks and NUL are shown as text', async (t) => {
  const hostile =
    '\u001b[2J\u001b]8;;http://evil/\u0007x\u001b]8;;\u0007\u202e\u0000\u009b2J\rover\nnext\tline\n';
  const { run } = await makeDesk(t, {
    [LOGS]: { logs: [stored({ bytes: hostile })] },
    [STREAM]: new LogStream([chunk({ bytes: hostile }), { kind: 'end' }]),
    [`GET /runs/${RUN_ID}`]: { ...COMPLETED_RUN, tasks: [taskView('extract')] },
  });
  for (const line of [`logs ${RUN_ID}`, `logs ${RUN_ID} --follow`]) {
    const { stdout } = await run(line, { isTerminal: true });
    assert.equal(
      stdout,
      '␛[2J␛]8;;http://evil/␇x␛]8;;␇<U+202E>␀<U+009B>2J␍over\nnext\tline\n',
      line,
    );
  }
});

test('a character that is cut by two chunks is whole on a terminal', async (t) => {
  const euro = Buffer.from('€\n');
  const { run } = await makeDesk(t, {
    [STREAM]: new LogStream([
      chunk({ bytes: euro.subarray(0, 2) }),
      chunk({ bytes: euro.subarray(2), fromByte: 2 }),
      { kind: 'end' },
    ]),
    [`GET /runs/${RUN_ID}`]: { ...COMPLETED_RUN, tasks: [taskView('extract')] },
  });
  assert.equal((await run(`logs ${RUN_ID} -f`, { isTerminal: true })).stdout, '€\n');
});

test('lines of several tasks are named and never mixed; stderr is told apart', async (t) => {
  const { run } = await makeDesk(t, {
    [LOGS]: {
      logs: [
        stored({ bytes: 'a\nb' }),
        stored({ bytes: 'oh\n', stream: 'stderr' }),
        stored({ bytes: 'c\n', key: 'check@cube1' }),
      ],
    },
  });
  assert.equal(
    (await run(`logs ${RUN_ID}`)).stdout,
    'extract | a\nextract ! oh\ncheck@cube1 | c\nextract | b\n',
  );
});

test('what is not kept is said on stderr, with its size', async (t) => {
  const { run } = await makeDesk(t, {
    [LOGS]: { logs: [stored({ bytes: 'end\n', fromByte: 4096 })] },
  });
  const { stdout, stderr } = await run(`logs ${RUN_ID}`);
  assert.equal(stdout, 'end\n');
  assert.match(stderr, /extract, stdout: 4096 bytes before this are on the board only/);
});

test('a stream that breaks is read again and nothing is printed twice', async (t) => {
  const { run, leader } = await makeDesk(t, {
    [`GET /runs/${RUN_ID}`]: { run: runView(), tasks: [taskView('extract')] },
    [STREAM]: new LogStream([chunk({ bytes: 'one\ntw' })]),
  });
  const whole = new LogStream([
    chunk({ bytes: 'one\ntwo\n' }),
    chunk({ bytes: 'three\n', fromByte: 8 }),
    { kind: 'end' },
  ]);
  const ran = run(`logs ${RUN_ID} --follow`);
  while (!leader.asked.includes(STREAM)) await new Promise(setImmediate);
  leader.answers[STREAM] = whole;
  assert.equal((await ran).stdout, 'one\ntwo\nthree\n');
});

test('a task is asked for by name, and one that is not there exits 3', async (t) => {
  const { run, leader } = await makeDesk(t, {
    [LOGS]: { logs: [] },
    [`GET /runs/${RUN_ID}`]: COMPLETED_RUN,
  });
  await run(`logs ${RUN_ID} extract`);
  assert.equal(leader.asked.at(-1), `${LOGS}?task=extract`);
  const missing = await run(`logs ${RUN_ID} nosuch --follow`);
  assert.equal(missing.exitCode, 3);
  assert.match(missing.stderr, /has no task "nosuch"; it has extract, load/);
});

test('--json prints the view, or one event a line when it follows', async (t) => {
  const view = { logs: [stored({ bytes: 'x' })] };
  const events: readonly LogEvent[] = [chunk({ bytes: 'x' }), { kind: 'end' }];
  const { run } = await makeDesk(t, { [LOGS]: view, [STREAM]: new LogStream(events) });
  assert.deepEqual(JSON.parse((await run(`logs ${RUN_ID} --json`)).stdout), view);
  const lines = (await run(`logs ${RUN_ID} -f --json`)).stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    events,
  );
});
