import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { LeaseStore } from '@petit/store/leader';
import { connectRedis, startRedis, waitFor } from '@petit/testkit';
import { Elector, type LeaseTimes } from './elector.js';
import type { Leadership } from './leadership.js';

/** The times of the lease, twenty times as fast. */
const QUICK: LeaseTimes = {
  beatMs: 150,
  quietBeatMs: 1_500,
  actPeriods: 2,
  stillPeriods: 8 / 3,
  showMs: 50,
  standbyLifeMs: 500,
};

/** A leader process as far as the lease is concerned. `stop` freezes it as SIGSTOP would. */
class Candidate {
  readonly leaderships: Leadership[] = [];
  readonly acting: Leadership[] = [];
  readonly elector: Elector;
  readonly #abort = new AbortController();
  readonly done: Promise<void>;
  beats = 0;
  deaf = false;
  /** Called while a beat is on its way. */
  onBeat: () => void = () => undefined;

  constructor(holder: string, store: LeaseStore) {
    const beat = store.beat.bind(store);
    store.beat = async (fence, periodMs) => {
      if (this.deaf) return new Promise<boolean>(() => undefined);
      this.beats += 1;
      const answer = await beat(fence, periodMs);
      this.onBeat();
      return answer;
    };
    // Cut off it can neither let its lease go nor take it again.
    const take = store.take.bind(store);
    store.take = async (ask) => {
      if (this.deaf) throw new Error('cut off');
      return take(ask);
    };
    const release = store.release.bind(store);
    store.release = async (fence) => {
      if (this.deaf) throw new Error('cut off');
      return release(fence);
    };
    let epoch = 0;
    this.elector = new Elector({
      times: QUICK,
      store,
      holder,
      newToken: () => `${holder}-${performance.now()}`,
      monotonicNow: () => performance.now(),
      epochs: {
        read: async () => epoch,
        write: async (value) => {
          epoch = value;
        },
      },
      lead: async (leadership) => {
        this.leaderships.push(leadership);
        this.acting.push(leadership);
        await new Promise<void>((resolve) => {
          leadership.ended.addEventListener('abort', () => resolve(), { once: true });
        });
        this.acting.pop();
      },
      onStandby: () => undefined,
      log: { info: () => undefined, warn: () => undefined },
    });
    this.done = this.elector.run(this.#abort.signal);
  }

  async leave(): Promise<void> {
    this.#abort.abort();
    await this.done;
  }
}

test('of two leaders one leads; let go, the other leads at once with the next epoch', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  const first = new Candidate('a', new LeaseStore(redis));
  await waitFor(() => first.acting.length === 1, { timeoutMs: 5_000, what: 'the first to lead' });
  const second = new Candidate('b', new LeaseStore(redis));
  await first.leave();
  await waitFor(() => second.acting.length === 1, { timeoutMs: 5_000, what: 'the second to lead' });
  assert.equal(second.leaderships[0]?.fence.epoch, 2);
  assert.throws(() => first.leaderships[0]?.assertActing(), { code: 'NOT_LEADER' });
  await second.leave();
});

test('P5 a holder that cannot confirm its lease stops acting before another may take it', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  const first = new Candidate('a', new LeaseStore(redis));
  await waitFor(() => first.acting.length === 1, { timeoutMs: 5_000, what: 'the first to lead' });
  const second = new Candidate('b', new LeaseStore(redis));
  second.elector.standbySeen('a');
  first.elector.standbySeen('b');
  const beaten = first.beats;
  await waitFor(() => first.beats > beaten + 1, {
    timeoutMs: 5_000,
    what: 'beats at the quick period',
  });
  first.deaf = true;
  await waitFor(() => second.acting.length === 1, {
    timeoutMs: 10_000,
    what: 'the second to take over',
  });
  assert.equal(first.acting.length, 0, 'the first had stopped acting by itself');
  assert.throws(() => first.leaderships[0]?.assertActing(), { code: 'NOT_LEADER' });
  await Promise.all([first.leave(), second.leave()]);
});

test('a holder beats rarely while nobody watches, and often from the moment a standby shows itself', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  const lease = new LeaseStore(redis);
  const first = new Candidate('a', new LeaseStore(redis));
  await waitFor(() => first.beats === 1, { timeoutMs: 5_000, what: 'the first beat' });
  const ask = { holder: 'b', token: 't', periodMs: 150, leastEpoch: 1, stoodStill: null };
  const quiet = await lease.take(ask);
  assert.equal(quiet.kind === 'held' && quiet.sighting.periodMs, QUICK.quietBeatMs);
  first.elector.standbySeen('b');
  await waitFor(() => first.beats === 2, { timeoutMs: 1_000, what: 'a beat at once' });
  const watched = await lease.take(ask);
  assert.equal(watched.kind === 'held' && watched.sighting.periodMs, QUICK.beatMs);
  await first.leave();
});

test('a standby that shows itself while a beat is on its way is beaten for at once', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  const first = new Candidate('a', new LeaseStore(redis));
  const beatsAt: number[] = [];
  first.onBeat = () => {
    if (beatsAt.push(performance.now()) === 1) first.elector.standbySeen('b');
  };
  try {
    await waitFor(() => beatsAt.length === 2, { timeoutMs: 10_000, what: 'a second beat' });
  } finally {
    await first.leave();
  }
  const [firstAt = 0, secondAt = 0] = beatsAt;
  // It would be a whole quiet period later.
  assert.ok(secondAt - firstAt < QUICK.quietBeatMs, `${secondAt - firstAt} ms`);
});
