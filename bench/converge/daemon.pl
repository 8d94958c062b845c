#!/usr/bin/perl
# The small daemon of the workload: says its greeting and its node's name to everyone who connects.
use strict;
use warnings;
use Socket;

my %setting;
open(my $file, '<', $ARGV[0]) or die "$ARGV[0]: $!\n";
while (<$file>) { $setting{$1} = $2 if /^(\w+) = (.*)$/ }
close $file;

socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, sockaddr_in($setting{port}, INADDR_ANY)) or die "bind: $!\n";
listen($server, 128) or die "listen: $!\n";

# sd_notify(3): systemd counts the service as started from here on.
if ($ENV{NOTIFY_SOCKET}) {
    socket(my $systemd, PF_UNIX, SOCK_DGRAM, 0) or die "socket: $!\n";
    send($systemd, 'READY=1', 0, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die "notify: $!\n";
}

$SIG{PIPE} = 'IGNORE';
while (accept(my $client, $server)) {
    syswrite $client, "$setting{greeting} from $setting{address}\n";
    close $client;
}
