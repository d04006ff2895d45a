/**
 * A task that leaves evidence: it appends a line, is busy for a while, appends another and exits. Each line is one
 * write to a file opened for appending, so lines of many tasks stand whole and in the order in which they happened.
 * Perl, because it starts in 3 ms and needs no other process: what costs little does not change what it measures.
 */
const EVIDENCE_SCRIPT = [
  'use Time::HiRes;',
  'my ($path, $busy_ms, $code) = @ARGV;',
  'open my $own, "<", "/proc/self/stat"; my $stat = <$own>; $stat =~ s/.*[)] //s;',
  'my $started = (split / /, $stat)[19];',
  'open my $file, ">>", $path or die "$path: $!";',
  'sub leave { my ($event, $exit) = @_; my $line = join("\\t", $event,',
  '@ENV{qw(PETIT_JOB_ID PETIT_RUN_ID PETIT_TASK_ID PETIT_ATTEMPT PETIT_NODE)}, $$, $started,',
  'int(1000 * Time::HiRes::time()), $ENV{PETIT_TICK_TIME} // "", $exit) . "\\n";',
  'syswrite($file, $line) == length $line or die "$path: $!" }',
  'leave("start", ""); select undef, undef, undef, $busy_ms / 1000; leave("end", $code); exit $code',
].join(' ');

/** What a task of a test does. */
export interface EvidentTask {
  /** The file that only the checker reads. */
  readonly path: string;
  readonly busyMs: number;
  readonly exitCode: number;
}

/** The command and its arguments, as a job file has them. */
export function evidenceCommand(task: EvidentTask): readonly [string, ...string[]] {
  const { path, busyMs, exitCode } = task;
  return ['/usr/bin/perl', '-e', EVIDENCE_SCRIPT, path, String(busyMs), String(exitCode)];
}
