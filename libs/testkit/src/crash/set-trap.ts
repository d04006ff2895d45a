import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOf, victimPid, type Scene, type Trap } from './scene.js';

/** Makes what kills at the boundary of a scene. For a supervisor's boundary the worker is started anew. */
export async function setTrap(scene: Scene): Promise<Trap> {
  return scene.boundary.owner === 'supervisor' ? holdSupervisor(scene) : armProcess(scene);
}

/** The process at the boundary kills, itself or the victim, in the same instant. */
function armProcess(scene: Scene): Trap {
  const { boundary, victim, random } = scene;
  const owner = ownerOf(scene);
  const pass = random.whole(...boundary.passes);
  let killed: number | undefined;
  return {
    arm: () => {
      killed = victim === boundary.owner ? undefined : victimPid(scene);
      const action = victim === boundary.owner ? 'kill' : `kill-pid:${killed}`;
      owner.arm(`${boundary.name}=${action}@${pass}`);
    },
    sprung: () => {
      const act = owner.acts()[0];
      return act === undefined ? undefined : (killed ?? act.pid);
    },
    release: () => owner.disarm(),
  };
}

/** The supervisor waits at the boundary, and the victim is killed meanwhile. */
async function holdSupervisor(scene: Scene): Promise<Trap> {
  const { lab, boundary, random, node } = scene;
  const worker = ownerOf(scene);
  const file = join(lab.cluster.path, `${node}.${boundary.name}.${random.whole(0, 1e9)}`);
  const pass = random.whole(...boundary.passes);
  await worker.kill();
  worker.start({ PETIT_FAILPOINT_SUPERVISOR: `${boundary.name}@${pass}:${file}` });
  await lab.cluster.untilReady();
  let killed: number | undefined;
  return {
    arm: () => undefined,
    sprung: () => {
      if (killed !== undefined) return killed;
      const path = `${file}.reached`;
      const supervisor = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
      // The file is there before its text is.
      if (supervisor === 0) return undefined;
      killed = victimPid(scene) ?? supervisor;
      process.kill(killed, 'SIGKILL');
      return killed;
    },
    release: () => writeFileSync(file, ''),
  };
}
