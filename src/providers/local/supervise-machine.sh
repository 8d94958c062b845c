#!/bin/sh
# Runs one machine from mount to shutdown. Started detached, in a session and a mount namespace of its own: the machine's
# mounts exist nowhere else and are gone, loop devices included, with its last process. Holds the lock on the machine's
# folder all that time, so there is never a second one; ends with 75 when somebody else holds it.
#
# In the environment: BDE_DIR (the machine's folder), BDE_IMAGE (template), BDE_IMAGE_LOCK, BDE_NAME (for nspawn),
# BDE_UUID (machine-id), BDE_HOST_NAME, BDE_ADDRESSES, BDE_BRIDGE, BDE_WATCH_CGROUP (for this process),
# BDE_CGROUPS (for the machine, one in each hierarchy).
set -eu
cd "$BDE_DIR"
exec 9>lock
flock --nonblock 9 || exit 75
echo 0 >"$BDE_WATCH_CGROUP/cgroup.procs"

# mount finds the loop device that another machine's mount of the same image made, if that is not just being made: so all
# machines share one device and one page cache.
mkdir -p base m
exec 8>"$BDE_IMAGE_LOCK"
flock 8
mount -o loop,ro "$BDE_IMAGE" base
exec 8>&-
mount -t overlay overlay -o lowerdir=base,upperdir=u,workdir=w m

set --
for image in disks/data-*.img; do
    [ -f "$image" ] || continue
    index=${image#disks/data-}
    index=${index%.img}
    mkdir -p "data/$index"
    mount -o loop "$image" "data/$index"
    set -- "$@" "--bind=$BDE_DIR/data/$index:/data/$index"
done

# An earlier machine with this address had another link address; the host must ask again.
for address in $BDE_ADDRESSES; do
    ip neigh flush to "$address" dev "$BDE_BRIDGE"
done

boot() (
    # Without a cgroup of its own, nspawn machines share one, and `systemctl stop` in one no longer kills anything.
    for cgroup in $BDE_CGROUPS; do
        echo 0 >"$cgroup/cgroup.procs"
    done
    exec systemd-nspawn --quiet --boot --directory="$BDE_DIR/m" --machine="$BDE_NAME" --uuid="$BDE_UUID" \
        --hostname="$BDE_HOST_NAME" --register=no --keep-unit --resolv-conf=off --timezone=off --link-journal=no \
        --network-bridge="$BDE_BRIDGE" "$@" </dev/null 9>&-
)

rebooted=133 # what nspawn ends with when the machine wants to start again
code=$rebooted
while [ "$code" = "$rebooted" ]; do
    code=0
    boot "$@" || code=$?
    tries=50 # the kernel takes the old link away a moment after nspawn ended
    while [ -e "/sys/class/net/vb-$BDE_NAME" ] && [ "$tries" -gt 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
done
exit "$code"
