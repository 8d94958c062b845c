# Stands before the body in the script of a run; see docs/runs.md. The script is one unlinked file, open as fd 3, run up
# to three times: `attached` (the body, until it has to act), `supervise` (the detached parent), `detached` (the body again).
#
# Held open: 3 the script, 8 the run's pid file (locked: the run is live), 9 the node's lock. Only the two watching
# processes of a detached run (supervise and `timeout`) keep 8 and 9: a daemon that the body starts must not inherit them.
# shellcheck shell=sh disable=SC2153

wrap_role=$1
wrap_folder=$BDE_DIR/runs/$BDE_RUN
shift
umask 077

# True where a higher epoch was seen that did not adopt this run. No fork: it stands before each resource.
wrap_is_fenced() {
  wrap_epoch=0
  wrap_adopted=-
  # The body may have set an IFS of its own.
  if [ -f "$BDE_DIR/epoch" ]; then IFS=' ' read -r wrap_epoch wrap_adopted <"$BDE_DIR/epoch"; fi
  [ "$wrap_epoch" -gt "$BDE_EPOCH" ] && [ "$wrap_adopted" != "$BDE_RUN" ]
}

bde_gate() {
  wrap_is_fenced || return 0
  printf '%s\n' "$wrap_epoch" >"$BDE_TMP/fenced"
  exit 75
}

# True while the controller is there to be asked.
bde_is_attached() { [ "$wrap_role" = attached ]; }

# bde_ask SUM...: ends an attached run; the controller begins it anew with these contents.
bde_ask() {
  printf '%s\n' "$*" >"$BDE_TMP/wanted"
  exit 76
}

bde_detach() {
  [ "$wrap_role" = attached ] || return 0
  if [ "$BDE_MODE" != apply ]; then
    echo 'bde_detach: only a run in apply mode may act' >&2
    exit 1
  fi
  bde_gate
  # Dies of SIGPIPE where the controller is gone, before anything was done.
  printf '%s\n' '{"detached":true}'
  wrap_make_record && setsid -f sh /dev/fd/3 supervise </dev/null >/dev/null 2>&1
  exit
}

# The folder appears whole and locked: nobody can find the run there and take it for dead. Under the lock of the epoch
# file, so that a fence either finds the run, or the run finds the fence.
wrap_make_record() {
  wrap_new=$BDE_DIR/runs/.$BDE_RUN.$$
  mkdir "$wrap_new" || return
  printf '%s %s %s\n' "$BDE_KEY" "$BDE_DIGEST" "$BDE_EPOCH" >"$wrap_new/run"
  # The shell that received them may be gone soon.
  if [ -d "$BDE_CONTENT" ]; then mv "$BDE_CONTENT" "$wrap_new/content" || return; fi
  : >"$wrap_new/out"
  : >"$wrap_new/err"
  exec 7>>"$BDE_DIR/epoch.lock" 8>"$wrap_new/pid"
  flock 8 && flock 7 && bde_gate && sync "$BDE_DIR/epoch" "$BDE_DIR" && mv -T "$wrap_new" "$wrap_folder" || return
  exec 7>&-
}

wrap_supervise() {
  wrap_own=$BDE_RUNTIME/$$
  BDE_TMP=$wrap_own/tmp
  BDE_CONTENT=$wrap_folder/content
  mkdir -p "$BDE_TMP" || exit
  wrap_bound_files &
  wrap_watcher=$!
  read -r wrap_before _ </proc/uptime
  timeout -k 10 "$BDE_SECONDS" sh /dev/fd/3 detached </dev/null >>"$wrap_folder/out" 2>>"$wrap_folder/err"
  wrap_end=$(wrap_describe_end $?)
  kill "$wrap_watcher"
  wrap_trim
  wrap_prune
  rm -rf "$wrap_own" "$BDE_CONTENT"
  printf '%s\n' "$wrap_end" >"$wrap_folder/exit.new"
  mv -f "$wrap_folder/exit.new" "$wrap_folder/exit"
}

# Prints how the body ended, given its status; records the digest where that is due.
wrap_describe_end() {
  if [ -s "$BDE_TMP/fenced" ]; then
    read -r wrap_epoch <"$BDE_TMP/fenced"
    echo "fenced $wrap_epoch"
  elif [ "$1" -gt 123 ] && wrap_kill_rest && wrap_ran_out "$1"; then
    echo timed-out
  elif [ "$1" -ne 0 ]; then
    echo "exited $1"
  elif wrap_is_fenced; then
    echo "fenced $wrap_epoch"
  else
    wrap_note_applied
    echo 'exited 0'
  fi
}

# A run that makes nothing so has no digest.
wrap_note_applied() {
  [ "$BDE_DIGEST" != - ] || return 0
  printf '%s\n' "$BDE_DIGEST" >"$BDE_DIR/applied.new"
  mv -f "$BDE_DIR/applied.new" "$BDE_DIR/applied/$BDE_KEY"
}

# `timeout` asks the group, then kills it where the body itself stays; who else ignored the question is still there.
wrap_kill_rest() {
  wrap_group=
  read -r wrap_group <"$wrap_folder/pid"
  [ -z "$wrap_group" ] || kill -KILL "-$wrap_group" 2>/dev/null
  return 0
}

# True where `timeout` ended it: its status can also be the body's own, so the clock decides.
wrap_ran_out() {
  read -r wrap_now _ </proc/uptime
  { [ "$1" -eq 124 ] || [ "$1" -eq 137 ]; } && [ $((${wrap_now%.*} - ${wrap_before%.*} + 1)) -ge "$BDE_SECONDS" ]
}

# A body gone wild must not fill the disk. Both files are written by appending, so they can be cut under the writer.
wrap_bound_files() {
  exec 3<&- 8>&- 9>&-
  while sleep 5 && kill -0 $$ 2>/dev/null; do wrap_trim; done
}

wrap_trim() {
  if [ "$(wc -c <"$wrap_folder/out")" -gt 16777216 ]; then truncate -s 16777216 "$wrap_folder/out"; fi
  if [ "$(wc -c <"$wrap_folder/err")" -gt 65536 ]; then
    tail -c 65536 "$wrap_folder/err" >"$wrap_folder/err.new"
    cat "$wrap_folder/err.new" >"$wrap_folder/err"
    rm -f "$wrap_folder/err.new"
  fi
}

# Keeps the last 20. This run holds the node's lock, so all others have ended; names sort by time.
wrap_prune() {
  rm -rf "$BDE_DIR/runs"/.[!.]*
  set -- "$BDE_DIR/runs"/*
  while [ $# -gt 20 ]; do
    [ "$1" = "$wrap_folder" ] || rm -rf "$1"
    shift
  done
  set -- "${BDE_SHARED%/*}"/*
  while [ $# -gt 20 ]; do
    [ "$1" = "$BDE_SHARED" ] || rm -f "$1"
    shift
  done
}

if [ "$wrap_role" = supervise ]; then
  wrap_supervise
  exit
fi
if [ "$wrap_role" = detached ]; then
  # The parent is `timeout`, which leads the process group.
  echo "$PPID" >&8
  exec 3<&- 8>&- 9>&-
fi
cd "$BDE_TMP" || exit

# The body follows.
