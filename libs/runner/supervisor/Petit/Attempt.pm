# The attempts of this supervisor. One moves so, and at each place has at most one timer:
#
#   token made -> running -> over -> recorded          the command ended by itself
#                 running -> ending -> over -> ...     TERM was sent to its group; KILL follows when its grace is up
#   token made -> over -> recorded                     it could not be started
#
# In `over` the command has ended and what is left of its group is being killed; the end is written when nothing is.
package Petit::Attempt;
use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(O_WRONLY O_CREAT O_APPEND O_TRUNC O_NOFOLLOW);
use Petit::Linux;
use Petit::Command;
use constant { KILL_AGAIN_MS => 1_000, GROUP_MUST_BE_GONE_MS => 5_000, RECORD_AGAIN_MS => 1_000 };

our @EXPORT = qw(
    supervise_attempts attempt_ids start_attempt refuse_attempt stop_attempt stop_all_attempts
    collect_ended_children next_timer_ms run_due_timers
);

my (%attempts, %attempt_of_pid);
my ($attempts_directory, $boot_id, $supervisor_pid, $own_start_time, $on_ended);
my $is_stopping = 0;
my ($failpoint, $failpoint_pass, $failpoint_file)
    = ($ENV{PETIT_FAILPOINT_SUPERVISOR} // '') =~ /\A(\w+)(?:\@([0-9]+))?:(.+)\z/s;
my $passes = 0;

# `on_ended` is called with the id of each attempt that ended and its record.
sub supervise_attempts {
    my (%options) = @_;
    ($attempts_directory, $boot_id, $on_ended) = @options{qw(directory boot_id on_ended)};
    ($supervisor_pid, $own_start_time) = ($$, own_start_time());
}

sub attempt_ids { return keys %attempts }

# --- start ---------------------------------------------------------------------------------------------------------

# Answers `started`, `already_started`, or `failed` and why; a command that cannot be executed is `started`, and ends.
sub start_attempt {
    my ($id, $cwd, $timeout_ms, $kill_grace_ms, $argument_count, @words) = @_;
    my ($outcome, $attempt) = take_token($id);
    return ($outcome, $attempt) if $outcome ne 'taken';
    my @arguments = splice @words, 0, $argument_count;
    @$attempt{qw(grace_ms started_at started)} = ($kill_grace_ms, epoch_ms(), monotonic_ms());
    my $pid = fork;
    return could_not_start($attempt, 'other', "fork: $!") if !defined $pid;
    become_command(
        supervisor_pid => $supervisor_pid, (map { $_ => $attempt->{$_} } qw(token directory started_at)),
        cwd => $cwd, arguments => \@arguments, environment => \@words,
    ) if $pid == 0;
    close delete $attempt->{token};
    @$attempt{qw(pid phase)} = ($pid, 'running');
    $attempts{$id} = $attempt_of_pid{$pid} = $attempt;
    wake_in($attempt, $timeout_ms, \&time_out) if length $timeout_ms;
    return 'started';
}

# Makes the attempt one that could not be started, for a reason which the agent found.
sub refuse_attempt {
    my ($id, $reason, $message) = @_;
    my ($outcome, $attempt) = take_token($id);
    return ($outcome, $attempt) if $outcome ne 'taken';
    return could_not_start($attempt, $reason, $message);
}

# Of two supervisors that are asked for one attempt, exactly one gets past this: link(2) refuses a name that exists, as
# O_EXCL does, and lets the token appear with its content, so that nobody ever sees it without.
sub take_token {
    my ($id) = @_;
    return ('failed', 'this supervisor is stopping') if $is_stopping;
    return ('failed', "'$id' cannot name a directory") if $id !~ /\A[A-Za-z0-9][A-Za-z0-9._@-]{0,199}\z/;
    my $directory = "$attempts_directory/$id";
    mkdir $directory, 0700 or $! == EEXIST or return ('failed', "$directory: $!");
    my ($path, $draft) = ("$directory/started", "$directory/started.$supervisor_pid");
    sysopen my $token, $draft, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0600
        or return ('failed', "$draft: $!");
    my $line = "supervisor $supervisor_pid $own_start_time $boot_id\n";
    my $is_whole = (syswrite($token, $line) // 0) == length $line;
    pause_at('before_token');
    my @outcome = !$is_whole ? ('failed', "$draft: $!") : link($draft, $path) ? 'taken'
        : $! == EEXIST ? 'already_started' : ('failed', "$path: $!");
    unlink $draft;
    return @outcome if $outcome[0] ne 'taken';
    pause_at('after_token');
    return ('taken', { id => $id, directory => $directory, token => $token });
}

# The end follows by a timer, so that it is heard after the answer.
sub could_not_start {
    my ($attempt, $reason, $message) = @_;
    $attempt->{phase} = 'over';
    $attempts{ $attempt->{id} } = $attempt;
    wake_in($attempt, 0, sub { finish($_[0], 'start_failed', reason => $reason, message => encode($message)) });
    return 'started';
}

# --- stop ----------------------------------------------------------------------------------------------------------

sub time_out { my ($attempt) = @_; begin_ending($attempt, 'timed_out', $attempt->{grace_ms}) }

# Does nothing when there is no such attempt, or none any more; a second stop may shorten the grace of the first.
sub stop_attempt {
    my ($id, $grace_ms) = @_;
    begin_ending($attempts{$id}, 'stopped', $grace_ms) if $attempts{$id};
}

# Starts nothing from now on. Without a grace each attempt has its own.
sub stop_all_attempts {
    my ($grace_ms) = @_;
    $is_stopping = 1;
    begin_ending($_, 'stopped', $grace_ms // $_->{grace_ms}) for all_attempts();
}

sub begin_ending {
    my ($attempt, $why, $grace_ms) = @_;
    return if $attempt->{phase} eq 'over';
    if ($attempt->{phase} eq 'ending') {
        wake_in($attempt, $grace_ms, \&kill_group) if monotonic_ms() + $grace_ms < $attempt->{wake_at};
        return;
    }
    # It is not collected yet, so the group can be missing only because the child has not come to make it.
    return wake_in($attempt, 2, sub { begin_ending($_[0], $why, $grace_ms) }) if !kill TERM => -$attempt->{pid};
    kill CONT => -$attempt->{pid};    # A stopped process would not hear of it.
    @$attempt{qw(phase why)} = ('ending', $why);
    wake_in($attempt, $grace_ms, \&kill_group);
}

sub kill_group {
    my ($attempt) = @_;
    kill KILL => -$attempt->{pid};
    wake_in($attempt, KILL_AGAIN_MS, \&kill_group);
}

# --- end -----------------------------------------------------------------------------------------------------------

sub collect_ended_children {
    while (my $pid = next_ended_child()) {
        my $attempt = delete $attempt_of_pid{$pid};
        # Killed before it is collected: until then nobody else can be given this number.
        kill KILL => -$pid if $attempt;
        my ($status, $cpu_ms) = collect_child($pid);
        next if !$attempt;
        @$attempt{qw(phase status cpu_ms)} = ('over', $status, $cpu_ms);
        $attempt->{duration_ms} = monotonic_ms() - $attempt->{started};
        finish_when_group_is_gone($attempt);
    }
}

sub finish_when_group_is_gone {
    my ($attempt) = @_;
    my $group = -$attempt->{pid};
    1 while waitpid($group, WNOHANG) > 0;
    return finish($attempt, ending_of($attempt)) if !kill(0, $group) && $! == ESRCH;
    $attempt->{give_up_at} //= monotonic_ms() + GROUP_MUST_BE_GONE_MS;
    if (monotonic_ms() > $attempt->{give_up_at}) {
        warn "$attempt->{id}: processes of group $attempt->{pid} do not die\n";
        return finish($attempt, ending_of($attempt));
    }
    kill KILL => $group;    # Again: one may have been forked meanwhile.
    my $pause_ms = $attempt->{pause_ms} = 2 * ($attempt->{pause_ms} // 0.5);
    wake_in($attempt, $pause_ms < 50 ? $pause_ms : 50, \&finish_when_group_is_gone);
}

sub ending_of {
    my ($attempt) = @_;
    my ($code, $signal) = ($attempt->{status} >> 8 & 255, $attempt->{status} & 127);
    if ($code == FAILED_TO_START && open my $token, '<', "$attempt->{directory}/started") {
        my ($failed) = grep { /\Afailed / } <$token>;
        return ('start_failed', reason => $1, message => $2) if ($failed // '') =~ /\Afailed (\w+) (.*)\n/;
    }
    my $kind = $attempt->{why} // ($signal ? 'signalled' : 'exited');
    return ($kind, $signal ? (signal => $signal) : (code => $code), times_of($attempt));
}

sub times_of {
    my ($attempt) = @_;
    my @values = map { sprintf '%.0f', $_ } @$attempt{qw(started_at duration_ms cpu_ms)};
    return (startedAt => $values[0], durationMs => $values[1], cpuMs => $values[2]);
}

sub finish {
    my ($attempt, $kind, %facts) = @_;
    $facts{endedAt} = sprintf '%.0f', epoch_ms();
    $attempt->{record} = join '', "petit-end 1\nkind=$kind\n", (map { "$_=$facts{$_}\n" } sort keys %facts), ".\n";
    pause_at('before_end');
    record_end($attempt);
    pause_at('after_end');
    $on_ended->($attempt->{id}, $attempt->{record});
}

# One write, whose last line says that it is whole. A rename would add a system call and no safety: without an fsync
# neither form survives a power cut, with one every attempt would wait for the card of another, and after a power cut
# an attempt without an end is `unknown`, which is the truth. On a full disk it is tried until there is room.
sub record_end {
    my ($attempt) = @_;
    my $path = "$attempt->{directory}/end";
    my $is_open = sysopen my $file, $path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600;
    my $written = $is_open ? syswrite $file, $attempt->{record} : undef;
    if (($written // 0) < length $attempt->{record} && $! != ENOENT && !$is_stopping) {
        warn "$path: $!\n" if !$attempt->{is_record_late}++;
        return wake_in($attempt, RECORD_AGAIN_MS, \&record_end);
    }
    delete $attempts{ $attempt->{id} };
}

# --- timers --------------------------------------------------------------------------------------------------------

sub wake_in {
    my ($attempt, $delay_ms, $action) = @_;
    @$attempt{qw(wake_at action)} = (monotonic_ms() + $delay_ms, $action);
}

# How long until a timer is due, `most_ms` at most.
sub next_timer_ms {
    my ($most_ms) = @_;
    my $until = my $now = monotonic_ms();
    $until += $most_ms;
    for my $attempt (values %attempts) {
        $until = $attempt->{wake_at} if defined $attempt->{wake_at} && $attempt->{wake_at} < $until;
    }
    return $until > $now ? $until - $now : 0;
}

sub run_due_timers {
    my $now = monotonic_ms();
    for my $attempt (all_attempts()) {
        next if !defined $attempt->{wake_at} || $attempt->{wake_at} > $now;
        $attempt->{wake_at} = undef;
        $attempt->{action}->($attempt);
    }
}

# A copy of the list, because what is done with it may take attempts out.
sub all_attempts { return values %attempts }

# For tests that kill here: says that this place is reached, and waits until the file exists.
sub pause_at {
    my ($name) = @_;
    return if $name ne ($failpoint // '') || ++$passes < ($failpoint_pass // 1);
    open my $reached, '>', "$failpoint_file.reached" or die "$failpoint_file.reached: $!\n";
    syswrite $reached, "$$\n";
    select undef, undef, undef, 0.01 until -e $failpoint_file;
}

1;
