import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { test } from 'node:test';
import { KEYS } from '@petit/store/shared';
import { makeTempDir, waitFor } from '@petit/testkit';
import { announcements, openWorld, type World } from './test-agent.fixture.js';

/** A little more than what a worker wants to be free. */
const DISK_MB = 208;
/** By then a beat has looked at the disk. */
const LOOKED_MS = 15_000;

test(
  'a full disk: nothing new is taken, with the reason; what runs is reported, and all goes on once there is room',
  { skip: whyNoDisk() },
  async () => {
    await using world = await openWorld();
    using _disk = mountDisk(world.dataDir);
    await using elsewhere = await makeTempDir('petit-elsewhere-');
    const { leader } = world;
    const agent = await world.start();
    await untilClosedIs(world, /^null$/);
    const runs = await leader.place([
      'sh',
      '-c',
      `touch ${elsewhere.path}/on; while [ ! -e ${elsewhere.path}/off ]; do sleep 0.05; done`,
    ]);
    await waitFor(() => existsSync(join(elsewhere.path, 'on')), { what: 'the first task to run' });

    // The next beat, which would close the door first, is seconds away then.
    await nextBeat(world);
    await fillDisk(world.dataDir);
    // More than the rest of the block in which the journal ends.
    const refused = await leader.place(['true', 'x'.repeat(8_192)]);
    const word = await leader.wordOf(refused);
    assert.deepEqual(
      { kind: word.kind, why: word.kind === 'declined' ? word.why : null },
      { kind: 'declined', why: 'disk_full' },
    );
    await untilClosedIs(world, /^the disk is full: /);
    await writeFile(join(elsewhere.path, 'off'), '');

    await rm(join(world.dataDir, 'fill'));
    await untilClosedIs(world, /^null$/);
    const first = await leader.wordOf(runs);
    assert.ok(first.kind === 'ended', JSON.stringify(first));
    assert.deepEqual(first.end.ending, { kind: 'exited', code: 0 }, 'what ran meanwhile');
    const later = await leader.wordOf(await leader.place(['true']));
    assert.equal(later.kind === 'ended' && later.end.ending.kind, 'exited', 'what comes later');
    await world.stop(agent);
  },
);

function mountDisk(path: string): Disposable {
  const options = `size=${DISK_MB}m,mode=0700`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'petit', path]);
  return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', path]) };
}

async function untilClosedIs(world: World, wanted: RegExp): Promise<void> {
  await waitFor(
    async () => wanted.test(String((await announcements(world.leader)).at(-1)?.closed)),
    { what: `an announcement that says ${wanted}`, timeoutMs: LOOKED_MS, intervalMs: 100 },
  );
}

async function nextBeat({ leader }: World): Promise<void> {
  const subscriber = leader.redis.duplicate();
  await subscriber.subscribe(KEYS.beats);
  await once(subscriber, 'message');
  subscriber.disconnect();
}

/** Writes until nothing more goes in. */
async function fillDisk(directory: string): Promise<void> {
  const file = await open(join(directory, 'fill'), 'w');
  const chunk = Buffer.alloc(1 << 20);
  // Smaller and smaller pieces find what is left.
  for (let sizeBytes = chunk.length; sizeBytes > 0;) {
    const written = await file.write(chunk, 0, sizeBytes).catch(() => null);
    if (written === null) sizeBytes = Math.floor(sizeBytes / 2);
  }
  await file.close();
}

/** Only root may mount a disk of a size of its own. */
function whyNoDisk(): string | false {
  if (process.getuid?.() !== 0) return 'only root can mount the small disk that this fills';
  const path = mkdtempSync(join(tmpdir(), 'petit-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'petit', path], { stdio: 'ignore' });
    execFileSync('umount', [path], { stdio: 'ignore' });
    return false;
  } catch {
    return 'this root may not mount anything, so there is no small disk to fill';
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
