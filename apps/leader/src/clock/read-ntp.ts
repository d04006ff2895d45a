import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { NtpState } from '@petit/schedule';

/** How the kernel's state is asked for, in this order; the first that knows is believed. */
export interface NtpSources {
  /** A program and its arguments, each with how its output is read. */
  readonly programs: readonly {
    readonly command: readonly [string, ...string[]];
    readonly read: (stdout: string) => NtpState;
  }[];
  /** A file that is there once a time server was heard. */
  readonly flagFile: string;
}

/**
 * Prints what adjtimex(2) says is the largest error of the clock, in microseconds. Node.js cannot ask; Perl, which the
 * supervisor needs anyway, can. The call has a number of its own on each machine; `struct timex` begins with an int,
 * then longs: offset, freq, maxerror. `modes` is 0: nothing is set.
 */
const ASK_KERNEL = `
use strict; use Config;
my ($arch) = $Config{archname} =~ /^([^-]+)/;
my $number = $arch eq 'x86_64' ? 159 : $arch =~ /^(?:aarch64|riscv64|loongarch64)$/ ? 171
  : $arch =~ /^(?:arm|i[3-6]86)/ ? 124 : die 'unknown machine';
my $timex = "\\0" x 512;
syscall($number, $timex) >= 0 or die $!;
print +(unpack 'i x![l!] l! l! l!', $timex)[3];
`;

/** From so large an error on the kernel counts the clock as not synchronised, and so does systemd. Microseconds. */
const UNSYNCHRONISED_US = 16_000_000;
const TIMEOUT_MS = 2_000;
/** No program that is asked may find another one by what the leader was started with. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

export const NTP_SOURCES: NtpSources = {
  programs: [
    { command: ['perl', '-e', ASK_KERNEL], read: readLargestError },
    { command: ['timedatectl', 'show', '-p', 'NTPSynchronized', '--value'], read: readYesOrNo },
  ],
  flagFile: '/run/systemd/timesync/synchronized',
};

/** Whether a time server keeps the clock of this machine. Never throws; what cannot be found out is `unknown`. */
export async function readNtp(sources: NtpSources = NTP_SOURCES): Promise<NtpState> {
  for (const { command, read } of sources.programs) {
    const state = read(await outputOf(command));
    if (state !== 'unknown') return state;
  }
  // The file only ever says that it was heard once; that there is none says nothing, for other programs make none.
  return existsSync(sources.flagFile) ? 'synchronised' : 'unknown';
}

/** The kernel's largest error as text; anything else is `unknown`. */
export function readLargestError(text: string): NtpState {
  if (!/^\d+$/.test(text)) return 'unknown';
  return Number(text) < UNSYNCHRONISED_US ? 'synchronised' : 'unsynchronised';
}

/** `yes` or `no`, as timedatectl says it. */
export function readYesOrNo(text: string): NtpState {
  switch (text.trim()) {
    case 'yes':
      return 'synchronised';
    case 'no':
      return 'unsynchronised';
    default:
      return 'unknown';
  }
}

/** What a program prints; nothing when it is not there, fails, or takes too long. */
function outputOf([program, ...args]: readonly [string, ...string[]]): Promise<string> {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', env: ENVIRONMENT } as const;
    execFile(program, args, { ...options, maxBuffer: 65_536 }, (error, stdout) =>
      resolve(error === null ? stdout : ''),
    );
  });
}
