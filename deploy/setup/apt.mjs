import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEM_LISTS = '/var/lib/apt/lists';

export function hasSystemLists() {
  return (
    existsSync(SYSTEM_LISTS) && readdirSync(SYSTEM_LISTS).some((name) => /_Packages/.test(name))
  );
}

/**
 * Options that make apt keep everything it writes below `work`, so that it needs no root, while it
 * still reads the system's sources, keys and record of what is installed.
 * `lists`: the package lists the system has, or our `own`.
 */
export function aptOptions(work, lists) {
  for (const directory of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, directory), { recursive: true });
  }
  const settings = {
    'Dir::State': join(work, 'state'),
    'Dir::State::lists': lists === 'system' ? SYSTEM_LISTS : join(work, 'state/lists'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(work, 'cache'),
    'Dir::Log': work,
    // Nothing is installed: the system's own lock is not needed.
    'Debug::NoLocking': '1',
    // As root, apt downloads as another user, who may not be allowed into the checkout.
    'APT::Sandbox::User': process.getuid() === 0 ? 'root' : '',
    'APT::Get::AllowUnauthenticated': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    // Lists for software shops: 4 MB that nobody here reads.
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled': 'false',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
