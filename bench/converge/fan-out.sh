#!/bin/bash
# Runs a script on every node at once, each over one OpenSSH process with the script on stdin: the floor of the benchmark.
# Prints what the scripts print; where some end badly, says which, and ends with 1.
#
#     fan-out.sh KEY KNOWN_HOSTS SCRIPTS CONTROL ADDRESS...
#
# SCRIPTS is a folder with ADDRESS.sh for each node. CONTROL is a folder of sockets of connections that are open already,
# or `none`: then each connection is a new one.
set -u
key=$1
known_hosts=$2
scripts=$3
control=$4
shift 4
[ "$control" = none ] || control=$control/%h

run() {
    local said
    said=$(ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$known_hosts" \
        -o ControlPath="$control" -i "$key" "root@$1" 'sh -s' <"$scripts/$1.sh" 2>&1)
    local code=$?
    [ $code = 0 ] && printf '%s\n' "$said" && return 0
    printf '%s ended with %s: %s\n' "$1" "$code" "$said"
    return 1
}

connections=()
for address in "$@"; do
    run "$address" &
    connections+=($!)
done
failed=0
for connection in "${connections[@]}"; do wait "$connection" || failed=1; done
exit $failed
