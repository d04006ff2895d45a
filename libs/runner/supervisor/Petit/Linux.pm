# What the supervisor asks of Linux and perl has no word for, and what POSIX.pm has a word for at the price of 2 MB of
# memory, which every fork would copy the page tables of.
package Petit::Linux;
use strict;
use warnings;
use Exporter 'import';
use constant { CLOCK_REALTIME => 0, CLOCK_MONOTONIC => 1, PR_SET_PDEATHSIG => 1, PR_SET_CHILD_SUBREAPER => 36 };
use constant { SIG_BLOCK => 0, SIG_SETMASK => 2, SIGSET_BYTES => 8, SIGNAL_RECORD_BYTES => 128 };
use constant { SFD_CLOEXEC_NONBLOCK => 02004000, WAITID_ANY => 0, PEEK_ENDED => 0x01000005 };  # WEXITED|WNOHANG|WNOWAIT
use constant { EPERM => 1, ENOENT => 2, ESRCH => 3, E2BIG => 7, ENOEXEC => 8, EACCES => 13, EEXIST => 17, ENOTDIR => 20 };
use constant { SIGKILL => 9, SIGTERM => 15, SIGCHLD => 17, WNOHANG => 1 };
use constant { AF_UNIX => 1, SOCK_STREAM => 1, MSG_DONTWAIT => 0x40, MSG_NOSIGNAL => 0x4000 };

our @EXPORT = qw(
    EPERM ENOENT ESRCH E2BIG ENOEXEC EACCES EEXIST ENOTDIR SIGTERM WNOHANG AF_UNIX SOCK_STREAM MSG_DONTWAIT MSG_NOSIGNAL
    know_system_calls close_inherited_files adopt_orphans die_with_parent new_session replace_process leave_process
    open_signal_descriptor read_signals unblock_signals next_ended_child collect_child
    monotonic_ms epoch_ms own_start_time
);

# By class and machine of the running program's ELF header.
my @NAMES = qw(clock_gettime prctl execve wait4 waitid signalfd4 rt_sigprocmask setsid exit_group);
my %NUMBERS = (
    '2/62'  => [228, 157, 59,  61,  247, 289, 14,  112, 231],    # x86-64
    '2/183' => [113, 167, 221, 260, 95,  74,  135, 157, 94],     # arm64
    '2/243' => [113, 167, 221, 260, 95,  74,  135, 157, 94],     # riscv64
    '2/258' => [113, 167, 221, 260, 95,  74,  135, 157, 94],     # loongarch64
    '1/40'  => [403, 172, 11,  114, 280, 355, 175, 66,  248],    # arm, 32 bits; its clock_gettime is the 64-bit one
    '1/3'   => [403, 172, 11,  114, 284, 327, 175, 66,  252],    # i386, likewise
);
my %CALL;

# Must come first; dies on a processor that is not in the table.
sub know_system_calls {
    open my $program, '<:raw', '/proc/self/exe' or die "/proc/self/exe: $!\n";
    read $program, my $header, 20;
    my $machine = join '/', unpack 'x4 C x13 S', $header;
    my $numbers = $NUMBERS{$machine} or die "the supervisor does not know this kind of processor (ELF $machine)\n";
    @CALL{@NAMES} = @$numbers;
}

# Whoever started the agent may have left descriptors open in it; perl marks only those close-on-exec that it opened.
sub close_inherited_files {
    opendir my $listing, '/proc/self/fd' or die "/proc/self/fd: $!\n";
    my @inherited = grep { /\A[0-9]+\z/ && $_ > 2 && $_ != fileno $listing } readdir $listing;
    for my $fd (@inherited) {
        open my $file, '<&=', $fd or next;
        close $file;
    }
}

# Makes this process the parent of every orphan among its descendants: process 1 of a container may collect nobody.
sub adopt_orphans { syscall $CALL{prctl}, PR_SET_CHILD_SUBREAPER, 1 }

sub die_with_parent { syscall $CALL{prctl}, PR_SET_PDEATHSIG, SIGKILL }

sub new_session { syscall $CALL{setsid} }

# Ends this process at once: no END block, no flush of what the parent had buffered.
sub leave_process { my ($code) = @_; syscall $CALL{exit_group}, $code while 1 }

# Returns only when it failed, with the reason in $!. Not perl's exec, which hands a file of unknown format to a shell:
# a program made for another processor would end in that shell's syntax error.
sub replace_process {
    my ($file, $arguments, $environment) = @_;
    my ($argument_list, $environment_list) = map { pack 'p*', @$_, undef } $arguments, $environment;
    syscall $CALL{execve}, $file, $argument_list, $environment_list;
}

# SIGCHLD and SIGTERM as records on a descriptor: a perl handler can be called just before select, and slept through.
sub open_signal_descriptor {
    my $set = signal_set(SIGCHLD, SIGTERM);
    syscall $CALL{rt_sigprocmask}, SIG_BLOCK, $set, 0, SIGSET_BYTES;
    my $fd = syscall $CALL{signalfd4}, -1, $set, SIGSET_BYTES, SFD_CLOEXEC_NONBLOCK;
    die "signalfd: $!\n" if $fd < 0;
    open my $signals, '<&=', $fd or die "signalfd: $!\n";
    return $signals;
}

sub read_signals {
    my ($signals) = @_;
    sysread $signals, my $records, SIGNAL_RECORD_BYTES * 8;
    return map { unpack 'L', $_ } unpack '(a' . SIGNAL_RECORD_BYTES . ')*', $records // '';
}

sub unblock_signals {
    my $none = signal_set();
    syscall $CALL{rt_sigprocmask}, SIG_SETMASK, $none, 0, SIGSET_BYTES;
}

sub signal_set { my $bits = 0; $bits |= 1 << $_ - 1 for @_; return pack 'L2', $bits, 0 }

# The process id of a child that has ended, which stays a zombie and so keeps its number; 0 when there is none.
sub next_ended_child {
    my $info = "\0" x 128;
    return 0 if syscall($CALL{waitid}, WAITID_ANY, 0, $info, PEEK_ENDED, 0) != 0;
    return unpack length pack('l!', 0) == 8 ? 'x16 l' : 'x12 l', $info;
}

# Its status, as wait has it, and the processor time of it and of all its descendants that were waited for.
sub collect_child {
    my ($pid) = @_;
    my ($status, $usage) = ("\0" x 4, "\0" x 256);
    syscall $CALL{wait4}, $pid, $status, WNOHANG, $usage;
    my ($user_s, $user_us, $system_s, $system_us) = unpack 'l!4', $usage;
    return (unpack('i', $status), ($user_s + $system_s) * 1000 + ($user_us + $system_us) / 1000);
}

sub monotonic_ms { return clock_ms(CLOCK_MONOTONIC) }
sub epoch_ms     { return clock_ms(CLOCK_REALTIME) }

sub clock_ms {
    my ($clock) = @_;
    my $time = "\0" x 16;
    syscall $CALL{clock_gettime}, $clock, $time;
    my ($seconds, $nanoseconds) = unpack 'q2', $time;
    return $seconds * 1000 + $nanoseconds / 1_000_000;
}

# In clock ticks since the machine came up: with the process id it names one process for good.
sub own_start_time {
    open my $stat, '<', '/proc/self/stat' or die "/proc/self/stat: $!\n";
    my $text = <$stat>;
    return (split ' ', substr $text, 2 + rindex $text, ')')[19];
}

1;
