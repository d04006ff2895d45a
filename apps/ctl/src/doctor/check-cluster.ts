import type { DoctorView, HealthView, NodesView, NodeView } from '@petit/protocol';
import { momentText } from '../show/time-text.js';
import { fail, ok, warn, type Check } from './check.js';

/** Who answers there, and whether it leads. */
export function checkLeader(health: HealthView, now: number): Check {
  const since = momentText(health.since, now);
  const said = `version ${health.version}, ${health.role} since ${since}`;
  switch (health.role) {
    case 'active':
      return ok('leader', `${said}, epoch ${health.epoch ?? '?'}`);
    case 'standby':
    case 'starting':
      return fail('leader', said, 'ask the one that leads: give its address with --server');
    default:
      return health.role satisfies never;
  }
}

/** What the leader stands on. */
export function checkRedis({ redis }: Pick<DoctorView, 'redis'>): readonly Check[] {
  const unfit = redis.unfit.map((text) => fail('redis', ...cut(text)));
  const exposed = redis.exposed.map((text) => warn('redis', ...cut(text)));
  const fit =
    unfit.length === 0 ? [ok('redis', `${redis.server}, keeps what it acknowledges`)] : [];
  const slow = redis.slow === null ? [] : [warn('redis', ...cut(redis.slow))];
  return [...fit, ...unfit, ...exposed, ...slow];
}

/** A sentence of the leader's as what is wrong and what to do, where it says both. */
function cut(text: string): readonly [string, string] {
  const [what = text, ...advice] = text.split('; ');
  return [what, advice.length === 0 ? 'see docs/guide/security.md' : advice.join('; ')];
}

/** What else the leader says of itself: what no other check is about. */
export function checkProblems({ health, redis }: DoctorView): readonly Check[] {
  return health.problems
    .filter((text) => !redis.unfit.includes(text) && !text.startsWith('ticks are held'))
    .map((text) => fail('leader', text, 'its log says more'));
}

/** Whether there are boards, and how they are. */
export function checkBoards({ nodes }: NodesView, now: number): readonly Check[] {
  if (nodes.length === 0)
    return [fail('boards', 'there are none, so nothing can run', 'petit-ctl nodes invite')];
  const live = nodes.filter(({ state }) => state === 'live');
  const names = live.map(({ node }) => node).sort();
  const alive =
    live.length === 0
      ? fail('boards', 'none is alive, so nothing can run', 'start petit-worker on one of them')
      : ok('boards', `${live.length} of ${nodes.length} alive: ${names.join(', ')}`);
  return [alive, ...nodes.flatMap((node) => checkBoard(node, now))];
}

function checkBoard({ node, state, closed, lastSeenAt }: NodeView, now: number): readonly Check[] {
  const seen =
    lastSeenAt === null ? 'not seen by this leader' : `seen ${momentText(lastSeenAt, now)}`;
  switch (state) {
    case 'live':
      return closed === null
        ? []
        : [warn('boards', `${node} takes nothing new: ${closed}`, adviceFor(node, closed))];
    case 'suspect':
    case 'lost':
    case 'unseen':
      return [warn('boards', `${node} is ${state}, ${seen}`, `look at petit-worker on ${node}`)];
    default:
      return state satisfies never;
  }
}

function adviceFor(node: string, closed: string): string {
  return closed === 'cordoned' ? `petit-ctl nodes uncordon ${node}` : `look at the log of ${node}`;
}

/** Whether everything is of one version. */
export function checkVersions(
  { health, leader }: DoctorView,
  { nodes }: NodesView,
  ctlVersion: string,
): Check {
  const { version } = health;
  const others = [
    ...(ctlVersion === version ? [] : [`petit-ctl ${ctlVersion}`]),
    ...nodes
      .filter((node) => node.version !== null && node.version !== version)
      .map((node) => `${node.node} ${node.version ?? ''}`),
  ];
  if (others.length === 0) return ok('versions', `${version} everywhere, Node.js ${leader.node}`);
  return warn(
    'versions',
    `leader ${version}, but ${others.join(', ')}`,
    'install one version everywhere; the leader first',
  );
}
