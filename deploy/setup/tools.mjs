import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, pathEntries } from './find-program.mjs';
import { expected, megabytes, say } from './say.mjs';
import { takePackages } from './take-packages.mjs';

/**
 * A tool is found in PATH, else in `.setup/bin`, else taken from the distribution:
 * `programs`: any of these will do, in this order;
 * `offers`: sets of packages that bring one, the first set that can be had is taken;
 * `binaries`: where in the packages the programs are;
 * `environment`: what they need to be told to find their own files, `$tree` being where they are;
 * `files`: what is written beside what the packages hold;
 * `elsewhere`: what to install where there is no apt.
 */
export const REDIS = {
  name: 'redis',
  programs: ['redis-server', 'valkey-server'],
  offers: [
    ['redis-server', 'redis-tools'],
    ['valkey-server', 'valkey-tools'],
  ],
  binaries: {
    'redis-server': ['usr/bin/redis-server'],
    'valkey-server': ['usr/bin/valkey-server'],
    'redis-cli': ['usr/bin/redis-cli'],
    'valkey-cli': ['usr/bin/valkey-cli'],
  },
  elsewhere: 'valkey (Fedora: dnf install valkey; Arch: pacman -S valkey; Alpine: apk add valkey)',
};

// The fonts that came with it, beside those of the machine; relative to this file.
const FONTS = `<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="relative">font-cache</cachedir>
</fontconfig>
`;

/** What only tests need; `npm test` asks for some of them. */
export const OPTIONAL_TOOLS = {
  python3: {
    name: 'python3',
    programs: ['python3'],
    offers: [['python3', 'python3-minimal']],
    binaries: { python3: ['usr/bin/python3'] },
    elsewhere: 'python3',
  },
  iproute2: {
    name: 'iproute2',
    programs: ['ip'],
    offers: [['iproute2']],
    binaries: { ip: ['usr/bin/ip', 'usr/sbin/ip', 'sbin/ip', 'bin/ip'] },
    elsewhere: 'iproute2',
  },
  systemd: {
    name: 'systemd',
    programs: ['systemd-analyze'],
    offers: [['systemd']],
    binaries: { 'systemd-analyze': ['usr/bin/systemd-analyze', 'bin/systemd-analyze'] },
    // Its own units, then, for the colon at the end, those of the machine.
    environment: { SYSTEMD_UNIT_PATH: '$tree/usr/lib/systemd/system:$tree/lib/systemd/system:' },
    elsewhere: 'systemd',
  },
  chromium: {
    name: 'chromium',
    programs: ['chromium'],
    offers: [['chromium', 'fonts-dejavu-core']],
    binaries: { chromium: ['usr/lib/chromium/chromium'] },
    environment: { FONTCONFIG_FILE: '$tree/fonts.conf' },
    files: { 'fonts.conf': FONTS },
    elsewhere: 'chromium',
  },
};

/** Finds or takes a tool and says where it is. Throws, saying what to install, when it cannot. */
export function takeTool(tool, setupDir) {
  const places = [...pathEntries(), join(setupDir, 'bin')];
  const found = tool.programs.map((program) => findProgram(program, places)).find(Boolean);
  if (found !== undefined) {
    say(tool.name, found);
    return;
  }
  const missing = `${tool.programs.join(' or ')} is not in PATH`;
  if (['apt-get', 'dpkg'].some((program) => findProgram(program, pathEntries()) === undefined)) {
    throw expected(`${missing}. Install it with ${systemName()}'s packages: ${tool.elsewhere}`);
  }
  say(tool.name, `${missing}, taking the distribution's package ...`);
  const { version, count, sizeBytes } = takePackages(tool, setupDir);
  const others = count > 1 ? ` and ${count - 1} packages it needs` : '';
  say(tool.name, `taken into .setup: ${version}${others}, ${megabytes(sizeBytes)}`);
}

function systemName() {
  try {
    return /^NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'your system';
  } catch {
    return 'your system';
  }
}
