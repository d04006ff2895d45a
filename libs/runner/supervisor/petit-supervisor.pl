#!/usr/bin/perl
# petit-supervisor.pl DATA_DIR NAME BOOT_ID
#
# Starts the commands of one worker agent, waits for them, ends them when told to or when their time is over, and
# writes down how each ended (Petit/Attempt.pm). It outlives its agent, and needs nothing but Debian's perl-base.
#
# It listens on DATA_DIR/supervisors/NAME.sock. Who connects says which it is: the `owner` (the agent that made this
# process) or an `adopter` (a later agent, which starts its own attempts elsewhere but stops, and hears the end of,
# those that are here). With no owner left and no attempt left it exits. After `stop_all` or SIGTERM it starts nothing
# more, ends what there is, kills who escaped, and exits.
#
# A frame is a length and then fields, each a length and bytes, so that any byte may stand anywhere:
#   from an agent   hello ROLE | start N ID CWD TIMEOUT_MS KILL_GRACE_MS COUNT ARGUMENT... NAME=VALUE... |
#                   refuse N ID REASON MESSAGE | stop N ID KILL_GRACE_MS | stop_all N KILL_GRACE_MS
#   to an agent     welcome PROTOCOL PID START_TIME ID... | answer N OUTCOME TEXT | began ID | ended ID RECORD
use strict;
use warnings;
BEGIN { unshift @INC, __FILE__ =~ m{\A(.*)/} ? $1 : '.' }
use Petit::Linux;
use Petit::Attempt;
use constant { PROTOCOL => 1, MAX_FRAME_BYTES => 16 << 20, READ_BYTES => 256 << 10 };
use constant { OWNER_MUST_CONNECT_MS => 10_000, STRAYS_MUST_BE_GONE_MS => 5_000 };

my ($data_directory, $name, $boot_id) = @ARGV;
my %connections;    # by descriptor
my ($had_owner, $is_stopping) = (0, 0);

main();

sub main {
    know_system_calls();
    close_inherited_files();
    adopt_orphans();
    $0 = 'petit-supervisor';
    $SIG{FPE} = 'DEFAULT';    # perl ignores it, and what is ignored stays so in every command.
    supervise_attempts(
        directory => "$data_directory/attempts", boot_id => $boot_id,
        on_ended => sub { my ($id, $record) = @_; post($_, 'ended', $id, $record) for values %connections },
    );
    my $signals = open_signal_descriptor();
    my $socket_path = "$data_directory/supervisors/$name.sock";
    my $listener = listen_at($socket_path);
    serve($signals, $listener);
    unlink $socket_path;
    kill_strays() if $is_stopping;
}

sub listen_at {
    my ($path) = @_;
    my ($directory, $file) = $path =~ m{\A(.*)/(.*)\z}s;
    # By a relative name, because the address of a unix socket holds 107 bytes; renamed when it listens, because a
    # socket that refuses a connection is taken for a dead supervisor's.
    chdir $directory or die "$directory: $!\n";
    socket my $listener, AF_UNIX, SOCK_STREAM, 0 or die "socket: $!\n";
    bind $listener, pack 'S Z*', AF_UNIX, "$file.new" or die "$path: $!\n";
    listen $listener, 16 or die "$path: $!\n";
    rename "$file.new", $file or die "$path: $!\n";
    open STDERR, '>>', "$name.log" or die "$directory/$name.log: $!\n";
    chdir '/';
    syswrite STDOUT, "ready\n";
    open STDOUT, '>', '/dev/null';
    return $listener;
}

sub serve {
    my ($signals, $listener) = @_;
    my $owner_must_connect_until = monotonic_ms() + OWNER_MUST_CONNECT_MS;
    until (is_finished($owner_must_connect_until)) {
        my ($readable, $writable) = ('', '');
        vec($readable, fileno $_, 1) = 1 for $signals, $listener;
        for my $connection (values %connections) {
            vec($readable, $connection->{fd}, 1) = 1;
            vec($writable, $connection->{fd}, 1) = 1 if length $connection->{out};
        }
        my $wait_ms = next_timer_ms($had_owner ? 3_600_000 : OWNER_MUST_CONNECT_MS);
        my $ready_count = select $readable, $writable, undef, $wait_ms / 1000;
        $readable = '' if $ready_count <= 0;
        take_signals($signals) if vec $readable, fileno $signals, 1;
        my @to_read = grep { vec $readable, $_->{fd}, 1 } values %connections;
        take_connection($listener) if vec $readable, fileno $listener, 1;
        take_requests($_) for @to_read;
        run_due_timers();
        send_out($_) for values %connections;
    }
}

sub is_finished {
    my ($owner_must_connect_until) = @_;
    return 0 if attempt_ids();
    return 1 if $is_stopping;
    return 0 if grep { $_->{role} eq 'owner' } values %connections;
    return $had_owner || monotonic_ms() >= $owner_must_connect_until;
}

sub take_signals {
    my ($signals) = @_;
    stop_all(undef) if grep { $_ == SIGTERM } read_signals($signals);
    collect_ended_children();
}

sub take_connection {
    my ($listener) = @_;
    accept my $socket, $listener or return;
    my $fd = fileno $socket;
    $connections{$fd} = { fd => $fd, socket => $socket, role => '', in => '', out => '' };
}

sub take_requests {
    my ($connection) = @_;
    my $got = sysread $connection->{socket}, $connection->{in}, READ_BYTES, length $connection->{in};
    return hang_up($connection) if !$got;
    while (length $connection->{in} >= 4) {
        my $size = unpack 'N', $connection->{in};
        return hang_up($connection, "a frame of $size bytes") if $size > MAX_FRAME_BYTES;
        last if length $connection->{in} < 4 + $size;
        my @fields = unpack 'x4 (N/a*)*', substr $connection->{in}, 0, 4 + $size, '';
        eval { take_request($connection, @fields); 1 } or return hang_up($connection, $@);
    }
}

sub hang_up {
    my ($connection, $complaint) = @_;
    warn "connection closed: $complaint\n" if defined $complaint;
    delete $connections{ $connection->{fd} };
}

sub take_request {
    my ($connection, $kind, @fields) = @_;
    if ($kind eq 'hello') {
        $connection->{role} = $fields[0];
        $had_owner = 1 if $fields[0] eq 'owner';
        return post($connection, 'welcome', PROTOCOL, $$, own_start_time(), attempt_ids());
    }
    my $number = shift @fields;
    if ($kind eq 'start' || $kind eq 'refuse') {
        my ($outcome, $text) = $kind eq 'start' ? start_attempt(@fields) : refuse_attempt(@fields);
        post($connection, 'answer', $number, $outcome, $text // '');
        return if $outcome ne 'started';
        $_ == $connection or post($_, 'began', $fields[0]) for values %connections;
    } elsif ($kind eq 'stop') {
        stop_attempt(@fields);
        post($connection, 'answer', $number, 'stopping', '');
    } elsif ($kind eq 'stop_all') {
        stop_all(@fields);
        post($connection, 'answer', $number, 'stopping', '');
    } else {
        die "a request of the unknown kind '$kind'\n";
    }
}

sub stop_all {
    my ($grace_ms) = @_;
    $is_stopping = 1;
    stop_all_attempts($grace_ms);
}

sub post {
    my ($connection, @fields) = @_;
    $connection->{out} .= pack 'N/a*', pack '(N/a*)*', @fields;
}

sub send_out {
    my ($connection) = @_;
    return if !length $connection->{out};
    my $sent = send $connection->{socket}, $connection->{out}, MSG_DONTWAIT | MSG_NOSIGNAL;
    substr $connection->{out}, 0, $sent, '' if $sent;    # That an agent is gone is noticed by reading.
}

# Who escaped its group has become a child of this process when its parent ended.
sub kill_strays {
    my $give_up_at = monotonic_ms() + STRAYS_MUST_BE_GONE_MS;
    while (monotonic_ms() < $give_up_at && open my $children, '<', "/proc/self/task/$$/children") {
        my @pids = split ' ', <$children> // '' or return;
        kill KILL => @pids;
        1 while waitpid(-1, WNOHANG) > 0;
        select undef, undef, undef, 0.002;
    }
}
