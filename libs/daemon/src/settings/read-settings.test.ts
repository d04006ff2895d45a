import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PetitError } from '@petit/model';
import { readSettings, unknownSettings, type Environment } from './read-settings.js';
import {
  choiceSetting,
  flagSetting,
  integerSetting,
  labelsSetting,
  listenSetting,
  optionalListenSetting,
  optionalSetting,
  textSetting,
} from './setting-kinds.js';

const SPEC = {
  dataDir: textSetting('PETIT_DATA_DIR'),
  zone: textSetting('PETIT_DEFAULT_ZONE', 'UTC'),
  redisUrl: optionalSetting('PETIT_REDIS_URL'),
  slots: integerSetting('PETIT_SLOTS', { min: 1, max: 512, fallback: 2 }),
  level: choiceSetting('PETIT_LOG_LEVEL', ['info', 'debug'], 'info'),
  strict: flagSetting('PETIT_STRICT'),
  listen: listenSetting('PETIT_LISTEN', '127.0.0.1:8565'),
  compatListen: optionalListenSetting('PETIT_COMPAT_LISTEN'),
  labels: labelsSetting('PETIT_LABELS'),
};

function complaintOf(environment: Environment): string {
  try {
    readSettings(environment, SPEC);
  } catch (error) {
    assert.ok(error instanceof PetitError);
    assert.equal(error.code, 'BAD_SETTINGS');
    return error.message;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

test('variables become values, and unset or empty ones their defaults', () => {
  assert.deepEqual(readSettings({ PETIT_DATA_DIR: '/data', PETIT_SLOTS: '' }, SPEC), {
    dataDir: '/data',
    zone: 'UTC',
    redisUrl: null,
    slots: 2,
    level: 'info',
    strict: false,
    listen: { host: '127.0.0.1', port: 8565 },
    compatListen: null,
    labels: {},
  });
  const given = readSettings(
    {
      PETIT_DATA_DIR: '/data',
      PETIT_LISTEN: '[::1]:0',
      PETIT_COMPAT_LISTEN: 'localhost:8565',
      PETIT_LABELS: 'role=storage, disk=nvme=2',
      PETIT_STRICT: 'yes',
      PETIT_LOG_LEVEL: 'debug',
      PETIT_SLOTS: '8',
    },
    SPEC,
  );
  assert.deepEqual(given.listen, { host: '::1', port: 0 });
  assert.deepEqual(given.compatListen, { host: 'localhost', port: 8565 });
  assert.deepEqual(given.labels, { role: 'storage', disk: 'nvme=2' });
  assert.deepEqual([given.strict, given.level, given.slots], [true, 'debug', 8]);
});

test('every mistake is told at once, with what was got and what is wanted', () => {
  const complaint = complaintOf({
    PETIT_SLOTS: '0',
    PETIT_LOG_LEVEL: 'loud',
    PETIT_STRICT: 'perhaps',
    PETIT_LISTEN: '8565',
    PETIT_COMPAT_LISTEN: 'yes',
    PETIT_LABELS: 'storage',
  });
  assert.deepEqual(complaint.split('\n'), [
    'PETIT_DATA_DIR is not set: it must be set',
    'PETIT_SLOTS="0": wanted a whole number from 1 to 512',
    'PETIT_LOG_LEVEL="loud": wanted one of info, debug',
    'PETIT_STRICT="perhaps": wanted yes or no',
    'PETIT_LISTEN="8565": wanted host:port, as in 127.0.0.1:8565 or [::1]:8565',
    'PETIT_COMPAT_LISTEN="yes": wanted host:port, as in 127.0.0.1:8565 or [::1]:8565',
    'PETIT_LABELS="storage": wanted label=value pairs with commas between them',
  ]);
});

test('numbers in other spellings, ports out of range and odd label names are refused', () => {
  const base = { PETIT_DATA_DIR: '/data' };
  for (const slots of ['1e1', ' 2', '2.0', '0x2', '1000']) {
    assert.match(complaintOf({ ...base, PETIT_SLOTS: slots }), /^PETIT_SLOTS=/);
  }
  assert.match(complaintOf({ ...base, PETIT_LISTEN: '0.0.0.0:65536' }), /^PETIT_LISTEN=/);
  assert.match(complaintOf({ ...base, PETIT_LABELS: '../x=1' }), /^PETIT_LABELS=/);
});

test('the text of a variable that may be a secret is not repeated', () => {
  const spec = { token: choiceSetting('PETIT_TOKEN', ['a']) };
  assert.throws(
    () => readSettings({ PETIT_TOKEN: 'hush' }, spec),
    /^PetitError: PETIT_TOKEN: wanted/,
  );
});

test('variables of ours that no setting names are found', () => {
  const environment = { PETIT_SLOT: '3', PETIT_SLOTS: '3', HOME: '/' };
  assert.deepEqual(unknownSettings(environment, 'PETIT_', ['PETIT_SLOTS']), ['PETIT_SLOT']);
});
