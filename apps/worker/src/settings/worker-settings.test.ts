import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isName, PetitError } from '@petit/model';
import { nameOfHost, readWorkerSettings, type BoardFacts } from './worker-settings.js';

const BOARD: BoardFacts = {
  hostname: 'cube3.local',
  cpuCount: 4,
  isRoot: false,
  homeDir: '/home/ann',
};

test('with nothing set a worker has the name of its host and a slot a processor', () => {
  assert.deepEqual(readWorkerSettings({}, BOARD), {
    dataDir: '/home/ann/.local/share/petit-worker',
    node: 'cube3',
    labels: {},
    slots: 4,
    joinFile: null,
    logLevel: 'info',
    onStop: 'leave',
    failpoint: null,
    supervisorFailpoint: null,
    unknown: [],
  });
});

test('data is kept where the system keeps it for root, and where the user says for others', () => {
  assert.equal(readWorkerSettings({}, { ...BOARD, isRoot: true }).dataDir, '/var/lib/petit-worker');
  const settings = readWorkerSettings({ XDG_DATA_HOME: '/data' }, BOARD);
  assert.equal(settings.dataDir, '/data/petit-worker');
  assert.equal(readWorkerSettings({ PETIT_DATA_DIR: '/srv/w' }, BOARD).dataDir, '/srv/w');
});

test('everything can be set', () => {
  const settings = readWorkerSettings(
    {
      PETIT_NODE: 'nas',
      PETIT_LABELS: 'disk=ssd, room=cellar',
      PETIT_SLOTS: '2',
      PETIT_JOIN_FILE: '/run/invite',
      PETIT_ON_STOP: 'end',
      PETIT_LOG_LEVEL: 'debug',
    },
    BOARD,
  );
  assert.deepEqual(settings.labels, { disk: 'ssd', room: 'cellar' });
  assert.deepEqual(
    [settings.node, settings.slots, settings.joinFile, settings.onStop, settings.logLevel],
    ['nas', 2, '/run/invite', 'end', 'debug'],
  );
});

test('all mistakes are told at once, and what means nothing is named', () => {
  const wrong = {
    PETIT_NODE: '../x',
    PETIT_SLOTS: '0',
    PETIT_ON_STOP: 'maybe',
    PETIT_LABELS: 'disk',
  };
  assert.throws(
    () => readWorkerSettings(wrong, BOARD),
    (error) =>
      error instanceof PetitError &&
      error.code === 'BAD_SETTINGS' &&
      Object.keys(wrong).every((variable) => error.message.includes(variable)),
  );
  assert.deepEqual(readWorkerSettings({ PETIT_SLOT: '3' }, BOARD).unknown, ['PETIT_SLOT']);
});

test('whatever a host is called, a node name comes of it', () => {
  assert.equal(nameOfHost('turing_pi-1.lan'), 'turing_pi-1');
  assert.equal(nameOfHost('-ö-'), 'worker');
  assert.equal(nameOfHost(''), 'worker');
  for (const host of ['a..b', '_x', 'küche', 'x'.repeat(300), '..', '.local'])
    assert.ok(isName(nameOfHost(host)), host);
});
