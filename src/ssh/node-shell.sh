# The node's end of a warm connection: reads one request a line from stdin, answers in frames, until end of file.
#
# Sent at the start of each channel, after two assignments: bde_root (prefix of all paths, empty on real nodes) and
# bde_token (only lines that begin with it are requests). A request is `TOKEN MARK VERB ARGUMENT...`, arguments quoted
# without raw newlines, then as many bytes of payload as the verb was told of. MARK is new for each exchange and known to
# nobody else, so what a program prints cannot pass for a frame. A frame is `^AMARK WORDS\n` on both streams.
#
# POSIX sh; runs under dash, busybox ash and bash. Fewest forks on the way of `run`: a no-change run is all wrapper.
# shellcheck shell=sh disable=SC2154,SC2030,SC2031,SC2015

PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022
cd / || exit 1

# Used by quoted arguments in place of a raw newline.
# shellcheck disable=SC2034
bde_nl='
'
bde_dir=$bde_root/var/lib/bde
bde_run=$bde_root/run/bde
# This shell's own folder in tmpfs; the name is the pid, so that whoever comes later can tell that it is stale.
bde_own=$bde_run/$$
# Beginnings of scripts that many runs have in common, by sha256.
bde_shared=$bde_root/run/bde-shared

bde_say() {
  printf '\001%s %s\n' "$bde_mark" "$*"
  printf '\001%s %s\n' "$bde_mark" "$*" >&2
}

bde_exchange() {
  bde_mark=$1
  shift
  bde_say begin
  "$@"
  bde_say end $?
}

# Receives exactly $1 bytes into the file $2. The rest of a failed transfer must never be read as requests: the shell ends.
bde_receive() {
  if ! head -c "$1" >"$2" || [ "$(wc -c <"$2")" -ne "$1" ]; then
    rm -f "$2"
    bde_say broken
    exit 1
  fi
}

bde_make_folders() {
  [ -d "$bde_dir/runs" ] && [ -d "$bde_dir/applied" ] || (umask 077 && mkdir -p "$bde_dir/runs" "$bde_dir/applied") || return
  (umask 077 && mkdir -p "$bde_own/tmp" "$bde_shared") || return
  for bde_stale in "$bde_run"/*; do
    kill -0 "${bde_stale##*/}" 2>/dev/null || rm -rf "$bde_stale"
  done
}

# Sets bde_names to the sums of what is in `shared`.
bde_list_shared() {
  bde_names=
  for bde_file in "$bde_shared"/*; do
    [ ! -f "$bde_file" ] || bde_names="$bde_names ${bde_file##*/}"
  done
}

# BDE_TMP of the next run must be empty; no fork where the last one left nothing.
bde_empty_tmp() {
  for bde_left in "$bde_own/tmp"/* "$bde_own/tmp"/.[!.]*; do
    if [ -e "$bde_left" ] || [ -L "$bde_left" ]; then
      rm -rf "$bde_own/tmp" && (umask 077 && mkdir "$bde_own/tmp")
      return
    fi
  done
}

bde_read_epoch() {
  bde_epoch=0
  bde_adopted=-
  if [ -f "$bde_dir/epoch" ]; then read -r bde_epoch bde_adopted <"$bde_dir/epoch"; fi
}

# Replaces the epoch file by "$1 $2"; the caller holds epoch.lock.
bde_put_epoch() {
  printf '%s %s\n' "$1" "$2" >"$bde_dir/epoch.new" || return
  if [ "$3" = durable ]; then sync "$bde_dir/epoch.new" || return; fi
  mv -f "$bde_dir/epoch.new" "$bde_dir/epoch" || return
  if [ "$3" = durable ]; then sync "$bde_dir"; fi
}

# Sets bde_found to absent, live, ended or died. Who runs the run holds a lock on its pid file, also across exec; a lock
# cannot outlive a reboot or be taken for another process, as a pid can.
bde_find() {
  bde_found=absent
  [ -d "$bde_dir/runs/$1" ] || return 0
  bde_found=ended
  [ -s "$bde_dir/runs/$1/exit" ] && return
  bde_found=live
  flock -n -s 8 8<"$bde_dir/runs/$1/pid" || return 0
  bde_found=died
  if [ -s "$bde_dir/runs/$1/exit" ]; then bde_found=ended; fi
}

# One of several tools, with slashes between.
bde_has_one_of() {
  case $1 in
    */*) bde_has_one_of "${1%%/*}" || bde_has_one_of "${1#*/}" ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# hello TOOL...
bde_hello() {
  printf 'time %s\n' "$(date +%s%3N)"
  for bde_tool in "$@"; do
    bde_has_one_of "$bde_tool" || printf 'missing %s\n' "$bde_tool"
  done
  bde_read_epoch
  printf 'epoch %s\n' "$bde_epoch"
  for bde_file in "$bde_dir/applied"/*; do
    if [ -f "$bde_file" ]; then
      read -r bde_digest <"$bde_file" && printf 'applied %s %s\n' "${bde_file##*/}" "$bde_digest"
    fi
  done
  return 0
}

# look-up RUN
bde_look_up() {
  bde_find "$1"
  bde_say "$bde_found"
}

# fence EPOCH RUN|- first|again. `again`: the answer to the first was lost, so our own epoch may be there already.
bde_fence() (
  umask 077
  exec 7>>"$bde_dir/epoch.lock" && flock 7 || exit
  bde_read_epoch
  if [ "$1" -lt "$bde_epoch" ] || { [ "$1" -eq "$bde_epoch" ] && [ "$3" = first ]; }; then
    bde_say refused "$bde_epoch"
    exit 0
  fi
  bde_find "$2"
  bde_adopted=-
  if [ "$bde_found" != absent ]; then bde_adopted=$2; fi
  bde_put_epoch "$1" "$bde_adopted" durable && bde_say "$bde_found"
)

# command SIZE|- SECONDS|- ARGV...: its process group is led by the pid in the file `pid`, for bde_kill. The limit is for
# commands whose controller has gone; while it is there, it kills by itself.
bde_command() {
  bde_size=$1
  bde_seconds=$2
  shift 2
  if [ "$bde_size" = - ]; then
    exec 4</dev/null
  else
    (umask 077 && : >"$bde_own/stdin")
    bde_receive "$bde_size" "$bde_own/stdin"
    exec 4<"$bde_own/stdin"
    rm -f "$bde_own/stdin"
  fi
  if [ "$bde_seconds" != - ]; then set -- timeout -s KILL "$bde_seconds" "$@"; fi
  # shellcheck disable=SC2016
  setsid sh -c 'echo $$ >"$0"; exec "$@" 4<&-' "$bde_own/pid" "$@" <&4
  set -- $?
  exec 4<&-
  : >"$bde_own/pid"
  return "$1"
}

# kill SHELL: ends the command that the shell with this pid runs, its whole process group.
bde_kill() {
  bde_group=
  read -r bde_group <"$bde_run/$1/pid" && [ -n "$bde_group" ] || return 0
  kill -TERM "-$bde_group" || return 0
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "-$bde_group" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "-$bde_group"
  return 0
}

# write PATH MODE SIZE: the final mode before the content, the content before the name.
bde_write() {
  bde_new=${1%/*}/.${1##*/}.bde-$$
  mkdir -p "${1%/*}/" && rm -f "$bde_new" && (umask 077 && : >"$bde_new") && chmod "$2" "$bde_new" || bde_refuse
  bde_receive "$3" "$bde_new"
  mv -fT "$bde_new" "$1" || { rm -f "$bde_new" && return 1; }
}

# Ends a request whose payload nobody has read.
bde_refuse() {
  bde_say broken
  exit 1
}

# start RUN EPOCH KEY DIGEST MODE SECONDS LOCK_SECONDS SHARED SIZE [SUM SIZE]...: a script that begins with SHARED, then
# contents that go with it, by sha256.
bde_start() {
  [ ! -d "$bde_own/content" ] || rm -rf "$bde_own/content"
  bde_receive "$9" "$bde_own/script"
  [ $# -lt 10 ] || (umask 077 && shift 7 && bde_receive_contents "$@") || exit
  bde_empty_tmp
  (bde_start_received "$@")
}

# Those of a script's contents whose sum is SHARED are kept for later runs.
bde_receive_contents() {
  bde_keep=$1
  shift 2
  [ $# -eq 0 ] || mkdir -p "$bde_own/content" || bde_refuse
  while [ $# -gt 1 ]; do
    bde_receive "$2" "$bde_own/content/$1"
    if [ "$1" = "$bde_keep" ]; then mv -f "$bde_own/content/$1" "$bde_shared/$1"; fi
    shift 2
  done
}

bde_start_received() {
  umask 077
  exec 3<"$bde_own/script" 9<>"$bde_dir/lock" || exit
  rm -f "$bde_own/script"
  bde_lock "$1" "$2" "$7" || return 0
  bde_raise_epoch "$2" || return 0
  # Looked for under the lock, for it is under the lock that old ones are removed.
  if [ ! -f "$bde_shared/$8" ]; then
    bde_say wanted "$8"
    return 0
  fi
  # Fixes who holds the lock, and dies of SIGPIPE where nobody listens any more.
  printf '%s %s\n' "$1" "$3" >&9
  bde_say started
  export BDE_RUN="$1" BDE_EPOCH="$2" BDE_KEY="$3" BDE_DIGEST="$4" BDE_MODE="$5" BDE_SECONDS="$6"
  export BDE_DIR="$bde_dir" BDE_TMP="$bde_own/tmp" BDE_RUNTIME="$bde_run"
  export BDE_SHARED="$bde_shared/$8" BDE_CONTENT="$bde_own/content"
  read -r bde_before _ </proc/uptime
  timeout -k 10 "$6" sh /dev/fd/3 attached </dev/null
  bde_end_attached "$1" "$6" $?
}

# Takes the node's lock on fd 9, waiting for up to $3 seconds. Where the run turns out to be there already, follows it.
bde_lock() {
  bde_tries=$(($3 * 5))
  bde_holder='another run'
  until flock -n 9; do
    if [ -d "$bde_dir/runs/$1" ]; then break; fi
    if [ "$bde_tries" -le 0 ]; then
      read -r bde_holder <"$bde_dir/lock"
      bde_say held "$bde_holder"
      return 1
    fi
    bde_tries=$((bde_tries - 1))
    sleep 0.2
  done
  [ -d "$bde_dir/runs/$1" ] || return 0
  exec 3<&- 9>&-
  bde_say detached
  bde_follow "$1" 0
  return 1
}

# Refuses a lower epoch than the node's; makes a higher one the node's. Not durable yet: that is for who acts.
bde_raise_epoch() {
  bde_read_epoch
  if [ "$1" -gt "$bde_epoch" ]; then
    exec 7>>"$bde_dir/epoch.lock" && flock 7 || exit
    bde_read_epoch
    if [ "$1" -gt "$bde_epoch" ]; then bde_put_epoch "$1" - quick || exit; fi
    exec 7>&-
  fi
  [ "$1" -ge "$bde_epoch" ] && return
  bde_say refused "$bde_epoch"
  return 1
}

# How the attached half ended: RUN SECONDS STATUS.
bde_end_attached() {
  if [ -d "$bde_dir/runs/$1" ]; then
    exec 3<&- 9>&-
    bde_say detached
    bde_follow "$1" 0
  elif [ -s "$BDE_TMP/fenced" ]; then
    read -r bde_epoch <"$BDE_TMP/fenced"
    bde_say fenced "$bde_epoch"
  elif [ -s "$BDE_TMP/wanted" ]; then
    read -r bde_names <"$BDE_TMP/wanted"
    bde_say wanted "$bde_names"
  elif bde_ran_out "$2" "$3"; then
    bde_say timed-out
  elif [ "$3" -eq 0 ] && [ "$BDE_MODE" = apply ] && ! bde_record_applied; then
    bde_say fenced "$bde_epoch"
  else
    bde_say exited "$3"
  fi
}

# True where `timeout` ended it: its status can also be the run's own, so the clock decides.
bde_ran_out() {
  read -r bde_now _ </proc/uptime
  { [ "$2" -eq 124 ] || [ "$2" -eq 137 ]; } && [ $((${bde_now%.*} - ${bde_before%.*} + 1)) -ge "$1" ]
}

# False where a higher epoch fences the run even now; no write where the same digest stands there already.
bde_record_applied() {
  bde_read_epoch
  if [ "$bde_epoch" -gt "$BDE_EPOCH" ] && [ "$bde_adopted" != "$BDE_RUN" ]; then return 1; fi
  bde_digest=
  if [ -f "$bde_dir/applied/$BDE_KEY" ]; then read -r bde_digest <"$bde_dir/applied/$BDE_KEY"; fi
  [ "$bde_digest" = "$BDE_DIGEST" ] && return
  printf '%s\n' "$BDE_DIGEST" >"$bde_dir/applied.new"
  mv -f "$bde_dir/applied.new" "$bde_dir/applied/$BDE_KEY"
  return 0
}

# follow RUN OFFSET: the result lines from that byte on as they come, then what went to stderr, then how it ended.
bde_follow() {
  bde_find "$1"
  if [ "$bde_found" = absent ]; then
    bde_say absent
    return 0
  fi
  bde_folder=$bde_dir/runs/$1
  if [ "$bde_found" = live ]; then
    bde_follow_live "$2"
    # Wakes at once when the last one that runs the run is gone.
    flock -s 8 8<"$bde_folder/pid"
  else
    tail -c "+$(($2 + 1))" "$bde_folder/out"
  fi
  if [ -s "$bde_folder/err" ]; then cat "$bde_folder/err" >&2; fi
  bde_end=died
  if [ -s "$bde_folder/exit" ]; then read -r bde_end <"$bde_folder/exit"; fi
  bde_say "$bde_end"
}

bde_follow_live() {
  bde_offset=$1
  bde_pid=
  # The body's first act is to write its group's pid; a moment at most, unless the run has died before.
  until read -r bde_pid <"$bde_folder/pid" || flock -n -s 8 8<"$bde_folder/pid"; do sleep 0.02; done
  case ${bde_pid:-none}$(tail --version 2>/dev/null) in
    none*) ;;
    # With inotify `-s` is only the pace at which it looks whether the process still is there.
    *GNU*) tail -c "+$((bde_offset + 1))" -s 0.05 -f --pid="$bde_pid" "$bde_folder/out" 2>/dev/null ;;
    *) bde_follow_slowly ;;
  esac
}

# For nodes whose tail knows no --pid (busybox).
bde_follow_slowly() {
  bde_alive=yes
  while [ "$bde_alive" = yes ]; do
    kill -0 "$bde_pid" 2>/dev/null || bde_alive=no
    bde_size=$(wc -c <"$bde_folder/out")
    if [ "$bde_size" -gt "$bde_offset" ]; then
      tail -c "+$((bde_offset + 1))" "$bde_folder/out" | head -c $((bde_size - bde_offset))
      bde_offset=$bde_size
    fi
    if [ "$bde_alive" = yes ]; then sleep 0.1; fi
  done
}

bde_mark=$bde_token
bde_say begin
bde_make_folders || bde_refuse
bde_list_shared
bde_say ready "$$$bde_names"
while IFS=' ' read -r bde_word bde_line; do
  [ "$bde_word" = "$bde_token" ] || break
  eval "bde_exchange $bde_line"
done
rm -rf "$bde_own"
