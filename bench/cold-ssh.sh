#!/bin/bash
# What a second `bde cluster converge` is measured against: `ssh NODE true` on all nodes at once, each over a new OpenSSH
# connection whose host key is known. Prints the milliseconds that took.
#
#     cold-ssh.sh KEY KNOWN_HOSTS ADDRESS...
set -eu
key=$1
known_hosts=$2
shift 2

now() {
    local seconds=${EPOCHREALTIME/,/.}
    echo $((${seconds%.*} * 1000 + 10#${seconds#*.} / 1000))
}

started=$(now)
connections=()
for address in "$@"; do
    ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$known_hosts" -o ControlPath=none \
        -i "$key" "root@$address" true </dev/null &
    connections+=($!)
done
for connection in "${connections[@]}"; do wait "$connection"; done
echo $(($(now) - started))
