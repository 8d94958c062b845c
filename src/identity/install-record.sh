#!/bin/sh
# Installs the cluster record that comes on stdin: install-record.sh EPOCH COUNT FOLDER
#
# A lower number never replaces a higher one of the same cluster; what is there is whole at every moment. Prints
# "installed", or "kept EPOCH COUNT" with exit code 3. POSIX sh; needs flock, head, tail, sed, sync of coreutils or busybox.
set -eu
umask 077
LC_ALL=C
export LC_ALL

epoch=$1
count=$2
folder=$3
current=$folder/current
incoming=$folder/incoming.$$

fail() {
  echo "bde-install-record: $1" >&2
  exit 1
}

# "CLUSTER EPOCH COUNT" of the envelope in file $1; nothing where it is none. The order of its keys is fixed.
head_of() {
  head -c 200 "$1" | sed -n 's/^{"formatVersion":[0-9]*,"clusterId":"\([0-9A-Za-z]*\)","epoch":\([0-9]\{1,15\}\),"count":\([0-9]\{1,15\}\),.*/\1 \2 \3/p'
}

# What killed runs left behind. A name is its process id.
remove_leftovers() {
  for left in "$folder"/incoming.*; do
    [ -e "$left" ] || continue
    kill -0 "${left##*.}" 2>/dev/null || rm -f "$left"
  done
}

mkdir -p "$folder"
trap 'rm -f "$incoming"' EXIT
trap 'exit 1' HUP INT TERM
# All of it comes in before the lock is taken: a controller that stops sending must not hold off another one.
cat >"$incoming"
# A newline stands at the end of a record and nowhere else in it, so a cut connection shows.
[ "$(tail -c 2 "$incoming")" = '}' ] || fail 'the record is not whole'
new=$(head_of "$incoming")
[ "${new#* }" = "$epoch $count" ] || fail "the record does not bear the number $epoch $count"

exec 9>"$folder/lock"
flock -x 9
remove_leftovers
if [ -f "$current" ]; then
  old=$(head_of "$current")
  if [ "${old%% *}" = "${new%% *}" ]; then
    old=${old#* }
    old_epoch=${old% *}
    old_count=${old#* }
    if [ "$old_epoch" -gt "$epoch" ] || { [ "$old_epoch" -eq "$epoch" ] && [ "$old_count" -gt "$count" ]; }; then
      echo "kept $old_epoch $old_count"
      exit 3
    fi
  fi
fi
sync "$incoming"
mv -f "$incoming" "$current"
sync "$folder"
echo installed
