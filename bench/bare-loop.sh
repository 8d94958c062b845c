#!/bin/bash
# What `bde cluster create --spec bare/basic` is measured against: mounts and boots COUNT machines from the same template,
# all at once, and waits until each answers `ssh true`. Prints the milliseconds that took.
#
#     bare-loop.sh IMAGE COUNT FOLDER
#
# Keys and the bridge are made before the clock starts. FOLDER must be new; it is removed at the end, as is all else.
set -eu
image=$1
count=$2
top=$3
bridge=bdebench0
network=198.18.77 # RFC 2544 keeps 198.18.0.0/15 for benchmarks
cgroups=$(awk '$3 == "cgroup2" || ($3 == "cgroup" && $4 ~ /name=systemd/) { print $2 }' /proc/mounts)

now() {
    local seconds=${EPOCHREALTIME/,/.}
    echo $((${seconds%.*} * 1000 + 10#${seconds#*.} / 1000))
}

numbers() { seq 10 $((count + 9)); }

prepare() {
    mkdir -p "$top/template"
    ip link add $bridge address 02:bd:be:9c:00:01 type bridge
    # A carrier before the first machine is there, as bde's own bridge has.
    ip link add bdebencha type veth peer name bdebenchb
    ip link set bdebencha master $bridge
    ip address add $network.1/24 dev $bridge
    for link in bdebencha bdebenchb $bridge; do ip link set "$link" up; done
    echo 50 >/proc/sys/net/ipv4/neigh/$bridge/retrans_time_ms
    echo 60 >/proc/sys/net/ipv4/neigh/$bridge/mcast_solicit
    ssh-keygen -q -t ed25519 -N '' -f "$top/login"
    for number in $(numbers); do prepare_machine "$number"; done
}

prepare_machine() {
    local machine=$top/$1
    mkdir -p "$machine"
    ssh-keygen -q -t ed25519 -N '' -C "bench-$1" -f "$machine/host-key"
    echo "$network.$1 $(cut -d' ' -f1,2 "$machine/host-key.pub")" >"$machine/known_hosts"
}

write_guest_data() {
    local machine=$top/$1 guest=$top/$1/u/etc/bde/guest
    mkdir -p "$guest" "$machine/w" "$machine/m"
    chmod 700 "$guest"
    echo "01ARZ3NDEKTSV4RRFFQ69G5$1" >"$guest/machine-id"
    echo "bench-$1" >"$guest/host-name"
    echo "$network.$1/24" >"$guest/networks"
    cp "$machine/host-key" "$guest/host-key"
    cp "$machine/host-key.pub" "$guest/host-key.pub"
    cp "$top/login.pub" "$guest/authorized-keys"
    echo 1 >"$guest/format-version"
}

boot() {
    local machine=$top/$1 cgroup
    write_guest_data "$1"
    mount -t overlay overlay -o "lowerdir=$top/template,upperdir=$machine/u,workdir=$machine/w" "$machine/m"
    for cgroup in $cgroups; do
        mkdir -p "$cgroup/bde-bench/$1"
        echo "$BASHPID" >"$cgroup/bde-bench/$1/cgroup.procs"
    done
    exec systemd-nspawn --quiet --boot --directory="$machine/m" --machine="bde-bench-$1" --hostname="bench-$1" \
        --register=no --keep-unit --resolv-conf=off --timezone=off --link-journal=no --network-bridge=$bridge \
        </dev/null >"$machine/log" 2>&1
}

await() {
    local address=$network.$1
    until (exec 3<>"/dev/tcp/$address/22") 2>/dev/null; do sleep 0.02; done
    until ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$top/$1/known_hosts" \
        -i "$top/login" "root@$address" true 2>/dev/null; do sleep 0.02; done
}

clean_up() {
    local cgroup number
    trap - EXIT
    for cgroup in $cgroups; do
        if [ -e "$cgroup/bde-bench/cgroup.kill" ]; then echo 1 >"$cgroup/bde-bench/cgroup.kill"; fi
    done
    for number in $(numbers); do
        for _ in $(seq 200); do
            mountpoint --quiet "$top/$number/m" || break
            umount "$top/$number/m" 2>/dev/null || sleep 0.05
        done
    done
    for _ in $(seq 200); do
        umount "$top/template" 2>/dev/null || mountpoint --quiet "$top/template" || break
        sleep 0.05
    done
    for cgroup in $cgroups; do
        for _ in $(seq 200); do
            [ -d "$cgroup/bde-bench" ] || break
            find "$cgroup/bde-bench" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.05
        done
    done
    for link in bdebencha $bridge; do ip link delete "$link" 2>/dev/null || :; done
    rm -rf --one-file-system "$top"
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
prepare

started=$(now)
mount -o loop,ro "$image" "$top/template"
for number in $(numbers); do
    boot "$number" &
    disown # or the shell tells of each that it kills at the end
done
waiters=()
for number in $(numbers); do
    await "$number" &
    waiters+=($!)
done
for waiter in "${waiters[@]}"; do wait "$waiter"; done
echo $(($(now) - started))
