import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { parse } = createRequire(join(root, 'libs/jobfile/package.json'))('yaml');
const read = (path) => readFileSync(join(root, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true });
const services = Object.entries(compose.services);
const dockerfile = read('deploy/Dockerfile');

test('every command of the compose file is a program of the image', () => {
  const own = services.filter(([, { image }]) => image === 'petit');
  assert.deepEqual(
    own.map(([name]) => name),
    ['leader', 'cube1', 'cube2'],
  );
  for (const [name, { command }] of own) {
    const app = command[0].replace('petit-', '');
    const program = join(root, `apps/${app}/bin/${command[0]}.mjs`);
    assert.ok(existsSync(program), `${name}: no ${program}`);
    assert.equal(statSync(program).mode & 0o111, 0o111, program);
    assert.ok(dockerfile.includes(`COPY --from=build /petit/apps/${app}/bin `), command[0]);
  }
});

test('every setting of the compose file and of the units is one that its program reads', () => {
  const known = {
    leader: settingsOf('leader'),
    cube1: settingsOf('worker'),
    cube2: settingsOf('worker'),
  };
  const given = services.flatMap(([name, { environment = {} }]) =>
    Object.keys(environment).map((variable) => [known[name], variable]),
  );
  for (const app of ['leader', 'worker']) {
    const lines = read(`deploy/petit-${app}.service`).match(/^Environment=.*$/gm) ?? [];
    for (const [variable] of lines.join(' ').matchAll(/PETIT_\w+(?==)/g)) {
      given.push([settingsOf(app), variable]);
    }
  }
  assert.ok(given.length > 10, `${given.length} settings`);
  assert.deepEqual(
    given.filter(([settings, variable]) => !settings.includes(`'${variable}'`)),
    [],
  );
});

test('every service has a health check, and each of ours asks a command that its program has', () => {
  for (const [name, { healthcheck }] of services) {
    assert.ok(healthcheck?.test, name);
    const [, program, ...args] = healthcheck.test;
    if (!program.startsWith('petit-')) continue;
    const help = sourcesOf(`apps/${program.slice('petit-'.length)}/src`).join('\n');
    assert.match(help, new RegExp(`^  ${[program, ...args].join(' ')} `, 'm'), name);
  }
  for (const name of ['leader', 'cube1', 'cube2'])
    assert.match(compose.services[name].healthcheck.test[1], /^petit-/);
});

test('the compose file opens ports to this machine only, and names each volume it uses', () => {
  const ports = services.flatMap(([, each]) => each.ports ?? []);
  assert.ok(ports.length > 0);
  assert.deepEqual(
    ports.filter((port) => !port.startsWith('127.0.0.1:')),
    [],
  );
  const used = services.flatMap(([, { volumes = [] }]) =>
    volumes.map((each) => each.split(':')[0]),
  );
  const named = new Set(used.filter((volume) => !volume.startsWith('.')));
  assert.deepEqual(named, new Set(Object.keys(compose.volumes)));
  for (const path of used.filter((volume) => volume.startsWith('./'))) {
    assert.ok(existsSync(join(root, path)), path);
  }
});

test('the image is built from files that the checkout or the build has', () => {
  const copied = [...dockerfile.matchAll(/^COPY --from=build ((?:\/petit\/\S+ )+)/gm)]
    .flatMap(([, paths]) => paths.trim().split(' '))
    .map((path) => path.replace('/petit/', ''));
  assert.ok(copied.length > 8, copied.join());
  assert.deepEqual(
    copied.filter((path) => !existsSync(join(root, path))),
    [],
  );
  assert.match(dockerfile, /^USER node$/m);
});

test("docker's own reader finds no mistake in the compose file", (t) => {
  const readers = [['docker-compose'], ['docker', 'compose']];
  const reader = readers.find(([program, ...rest]) => succeeds(program, [...rest, 'version']));
  if (reader === undefined) return t.skip('needs docker-compose or the compose plugin of docker');
  const [program, ...rest] = reader;
  const { status, stderr } = run(program, [
    ...rest,
    '-f',
    join(root, 'docker-compose.yml'),
    'config',
    '-q',
  ]);
  assert.equal(status, 0, stderr);
});

const UNITS = ['deploy/petit-leader.service', 'deploy/petit-worker.service'];

test('systemd finds no mistake in the units', (t) => {
  if (!succeeds('systemd-analyze', ['--version'])) return t.skip('needs systemd-analyze');
  const { status, stdout, stderr } = run('systemd-analyze', ['verify', ...UNITS]);
  // Beyond the units themselves: Node may be elsewhere on this machine than in /usr/bin.
  const said = `${stdout}${stderr}`.split('\n').filter((line) => /petit-/.test(line));
  assert.deepEqual(
    said.filter((line) => !/\/usr\/bin\/node is not executable/.test(line)),
    [],
  );
  assert.ok(status === 0 || said.length > 0, stderr);
});

test('stopping the worker leaves its tasks alone, and the units start what the build makes', () => {
  const worker = read('deploy/petit-worker.service');
  assert.match(worker, /^KillMode=process$/m);
  assert.match(worker, /^Delegate=yes$/m);
  for (const unit of UNITS.map(read)) {
    const [, program] = /^ExecStart=.* \/usr\/lib\/petit\/(\S+\.mjs)/m.exec(unit) ?? [];
    assert.ok(existsSync(join(root, program)), `${program} is not built`);
  }
});

test('leader and worker are started with the same flags and settings of malloc, whatever starts them', () => {
  const FLAGS = /--max-semi-space-size=1 --optimize-for-size/;
  const MALLOC = /MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536/;
  const programs = ['apps/leader/bin/petit-leader.mjs', 'apps/worker/bin/petit-worker.mjs'];
  for (const path of [...programs, ...UNITS]) {
    assert.match(read(path), FLAGS, path);
    assert.match(read(path), MALLOC, path);
  }
  assert.match(dockerfile, MALLOC);
  for (const path of [
    'apps/ctl/src/commands/up/program-environment.ts',
    'bench/cluster/bench-cluster.mjs',
  ]) {
    assert.match(read(path), /\['--max-semi-space-size=1', '--optimize-for-size'\]/, path);
    assert.match(read(path), /\{ MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' \}/, path);
  }
});

function settingsOf(app) {
  return sourcesOf(`apps/${app}/src`).join('\n');
}

function sourcesOf(directory) {
  return readdirSync(join(root, directory), { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => read(join(directory, name)));
}

function run(program, args) {
  return spawnSync(program, args, { cwd: root, encoding: 'utf8' });
}

function succeeds(program, args) {
  return run(program, args).status === 0;
}
