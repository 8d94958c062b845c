#!/bin/sh
# Runs a command in a throw-away copy of the template: run-in-template.sh IMAGE FOLDER [BIND…] -- ARGV…
#
# Started in mount, pid and network namespaces of its own: the copy lies on a tmpfs that only this process sees, and is
# gone with it. FOLDER is an empty folder to mount on; many may use the same at once.
set -eu
image=$1
folder=$2
shift 2

mount -t tmpfs tmpfs "$folder"
cd "$folder"
mkdir base u w m
mount -o loop,ro "$image" base
mount -t overlay overlay -o lowerdir=base,upperdir=u,workdir=w m
while [ "$1" != -- ]; do
    mkdir -p "m$1"
    mount --rbind "$1" "m$1"
    mount -o remount,bind,ro "m$1"
    shift
done
shift
mount -t proc proc m/proc
mount -t tmpfs -o mode=755 tmpfs m/dev
mknod -m 666 m/dev/null c 1 3
mknod -m 666 m/dev/zero c 1 5
mknod -m 666 m/dev/full c 1 7
mknod -m 666 m/dev/random c 1 8
mknod -m 666 m/dev/urandom c 1 9
ln -s /proc/self/fd m/dev/fd

exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C chroot m "$@"
