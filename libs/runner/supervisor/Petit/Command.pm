# The child of a fork, until it is the command or has said why it cannot be.
package Petit::Command;
use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(O_WRONLY O_CREAT O_APPEND O_NOFOLLOW);
use Petit::Linux;
use constant FAILED_TO_START => 127;

our @EXPORT = qw(FAILED_TO_START become_command encode);

my $token;

# Never returns. The child writes its own process id into the token before anything else can happen, and is killed with
# the supervisor: so there is no command that runs and that nobody can find.
sub become_command {
    my (%start) = @_;
    $token = $start{token};
    eval {
        new_session();
        die_with_parent();
        leave_process(FAILED_TO_START) if getppid != $start{supervisor_pid};
        syswrite $token, sprintf "command %d %s %.0f\n", $$, own_start_time(), $start{started_at};
        open_output(\*STDOUT, "$start{directory}/stdout");
        open_output(\*STDERR, "$start{directory}/stderr");
        enter_directory($start{directory}, $start{cwd});
        unblock_signals();
        refuse(execute($start{arguments}, $start{environment}));
    };
    refuse('other', $@);
}

# Leaves the reason in the token, where the supervisor looks when a child has ended with this code.
sub refuse {
    my ($reason, $message) = @_;
    syswrite $token, "failed $reason " . encode($message) . "\n";
    leave_process(FAILED_TO_START);
}

sub encode { my ($text) = @_; $text =~ s/([^\x20-\x24\x26-\x7e])/sprintf '%%%02X', ord $1/ge; return $text }

# Reopening a standard handle keeps its number, and perl marks every higher one close-on-exec: nothing else is passed on.
sub open_output {
    my ($handle, $path) = @_;
    sysopen $handle, $path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600 or refuse('other', "$path: $!");
}

sub enter_directory {
    my ($attempt_directory, $cwd) = @_;
    if ($cwd eq '') {
        $cwd = "$attempt_directory/work";
        mkdir $cwd, 0700 or $! == EEXIST or refuse('bad_directory', "$cwd: $!");
    }
    refuse('bad_directory', "$cwd: a working directory must begin with /") if $cwd !~ m{\A/};
    chdir $cwd or refuse('bad_directory', "$cwd: $!");
}

# Returns only when it failed: the reason and a message.
sub execute {
    my ($arguments, $environment) = @_;
    my $name = $arguments->[0];
    my @directories = search_path($environment);
    my @files = $name =~ m{/} ? $name : map { ($_ eq '' ? '.' : $_) . "/$name" } @directories;
    my @refusal = $name =~ m{/} ? "$name: no such file" : "$name: not found in PATH, which is " . join ':', @directories;
    unshift @refusal, 'not_found';
    return @refusal if $name eq '';
    for my $file (@files) {
        replace_process($file, $arguments, $environment);
        my $error = $! + 0;
        if ($error == ENOENT || $error == ENOTDIR) {
            @refusal = ('not_found', "$file: the interpreter that it asks for is missing") if -e $file;
        } elsif ($error == EACCES) {
            @refusal = why_no_access($file);
        } else {
            return why_not_executed($error, $file, $arguments, $environment);
        }
    }
    return @refusal;
}

sub search_path {
    my ($environment) = @_;
    my ($path) = map { /\APATH=(.+)\z/s } @$environment;
    return split /:/, $path // '/usr/bin:/bin', -1;
}

sub why_no_access {
    my ($file) = @_;
    my @status = stat $file or return ('no_permission', "$file: a directory on the way to it may not be searched");
    return ('not_executable', "$file: is a directory") if -d _;
    return ('not_executable', "$file: not marked as executable") if !($status[2] & 0111);
    return ('no_permission', "$file: this user may not execute it");
}

sub why_not_executed {
    my ($error, $file, $arguments, $environment) = @_;
    my ($sum, $longest) = (0, 0);
    for my $length (map { 1 + length } @$arguments, @$environment) {
        $sum += $length;
        $longest = $length if $length > $longest;
    }
    return ('argument_too_long', "arguments and environment have $sum bytes, the longest $longest: more than Linux takes")
        if $error == E2BIG;
    return ('not_executable', "$file: made for another machine, or a script whose first line does not begin with #!")
        if $error == ENOEXEC;
    local $! = $error;
    return ($error == EPERM ? 'no_permission' : 'other', "$file: $!");
}

1;
