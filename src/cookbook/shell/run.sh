# shellcheck shell=sh disable=SC2034,SC2154
# The driver: every body begins with this. What a body may count on is in docs/runs.md.
#
# A resource is `KIND_probe ARGS` and `KIND_act ARGS`. A probe returns 0 where all is as wanted, 1 where something is to
# do (bde_why says what), 2 where nothing can be done (bde_detail says why), 3 where it cannot be known yet.
exec </dev/null
set -f
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
nl='
'
tab='	'
bde_notify_dir=$BDE_DIR/notify/$BDE_KEY
bde_err=$BDE_TMP/err

# First resource that failed; the others are skipped.
bde_failed=
# Set once this run may act: it is detached then.
bde_acting=
# In check mode: the first resource that would change, and the first of those that may change anything at all.
bde_would=
bde_would_any=
bde_would_ids=$nl
# In check mode: notifications that would be raised, or may be, one a line.
bde_would_raise=$nl
bde_may_raise=$nl
bde_creates=
bde_only_if=
bde_not_if=
bde_raises=
bde_retries=0
bde_delay=0
bde_limit=

# The declarations that may stand before a resource; it takes them with it.
bde_creates() { bde_creates=$1; }
bde_only_if() { bde_only_if=$1 bde_patience=${2:-60}; }
bde_not_if() { bde_not_if=$1 bde_patience=${2:-60}; }
bde_raises() { bde_raises=$bde_raises$1$nl; }
bde_retry() { bde_retries=$1 bde_delay=$2; }
bde_timeout() { bde_limit=$1; }

bde_resource() {
  bde_open "$1"
  bde_kind=$2
  shift 2
  if [ -n "$bde_failed" ]; then
    bde_detail="after $bde_failed failed"
    bde_close skipped
    return 0
  fi
  bde_gate
  if ! bde_guards; then
    bde_pass_over
    return 0
  fi
  until bde_try "$@"; do
    bde_try_again || { bde_fail; return 0; }
  done
}

# One try: 0 where it ended with an outcome, 1 where it failed. limits.sh has another one, with bounds.
bde_try() { bde_try_unbounded "$@"; }
bde_try_again() { return 1; }

bde_try_unbounded() {
  "${bde_kind}_probe" "$@"
  case $? in
    0) bde_as_wanted ;;
    1) if [ "$BDE_MODE" = check ]; then bde_foretell; else bde_change "$@"; fi ;;
    3) bde_doubt ;;
    *) return 1 ;;
  esac
}

# An act whose proof failed may have been enough for the next try.
bde_as_wanted() {
  if [ -n "$bde_acted" ]; then
    bde_detail=$bde_wanted
    bde_close changed
  else
    bde_close unchanged
  fi
}

bde_change() {
  # First, for what an attached run prints is void once it detaches.
  bde_begin_act
  [ -n "$bde_acted" ] || bde_make_diff
  bde_acted=1
  bde_wanted=$bde_why
  bde_raise && "${bde_kind}_act" "$@" && bde_prove "$@" || return 1
  bde_detail=${bde_detail:-$bde_wanted}
  bde_close changed
}

# The probe after the act; bde_proved says that the act itself was the proof.
bde_prove() {
  [ -z "$bde_proved" ] || return 0
  bde_why=
  bde_note=$bde_detail
  bde_detail=
  if "${bde_kind}_probe" "$@"; then
    bde_detail=$bde_note
    return 0
  fi
  bde_detail=${bde_detail:-"still not as wanted after the act: $bde_why"}
  return 1
}

bde_foretell() {
  bde_want
  bde_make_diff
  bde_would=${bde_would:-$bde_id}
  bde_would_ids=$bde_would_ids$bde_id$nl
  case $bde_kind in execute | packages | service) bde_would_any=${bde_would_any:-$bde_id} ;; esac
  bde_would_raise=$bde_would_raise$bde_raises
  bde_detail=${bde_detail:-$bde_why}
  bde_close would-change
}

# What cannot be known counts as a change for all that comes after it.
bde_doubt() {
  bde_would=${bde_would:-$bde_id}
  bde_would_any=${bde_would_any:-$bde_id}
  bde_may_raise=$bde_may_raise$bde_raises
  bde_close unknown
}

bde_fail() {
  bde_failed=$bde_id
  bde_close failed
}

# Guards: 0 where the resource is to be looked at; else bde_guard is its outcome.
bde_guards() {
  bde_guard=unchanged
  bde_admitted || return 1
  if [ -n "$bde_creates" ]; then
    if [ -e "$bde_creates" ]; then
      bde_detail="$bde_creates is there"
      return 1
    fi
    bde_first=$bde_would_any
    case $bde_would_ids in *"[$bde_creates]$nl"*) bde_first=${bde_first:-"what makes $bde_creates"} ;; esac
    if [ -n "$bde_first" ]; then
      bde_guess "$bde_first"
      return 1
    fi
  fi
  [ -n "$bde_only_if$bde_not_if" ] || return 0
  if [ -n "$bde_would" ]; then
    bde_guess "$bde_would"
    return 1
  fi
  if [ -n "$bde_only_if" ]; then
    bde_quietly "$bde_only_if" || { bde_say_no "$?" only_if 'does not hold'; return 1; }
  fi
  if [ -n "$bde_not_if" ]; then
    bde_quietly "$bde_not_if"
    case $? in
      0) bde_detail='not_if holds'; return 1 ;;
      137) bde_say_no 137 not_if; return 1 ;;
    esac
  fi
}

# bde_say_no STATUS GUARD WORDS: a command that was killed has given no answer, and neither is safe to assume.
bde_say_no() {
  bde_detail="$2 $3"
  [ "$1" = 137 ] || return 0
  bde_guard=failed
  bde_detail="$2 gave no answer: not done after $bde_patience s"
}

bde_pass_over() {
  if [ "$bde_guard" = failed ]; then bde_fail; else bde_close "$bde_guard"; fi
}

# groups.sh has others, for what is part of something that has guards.
bde_admitted() { :; }
bde_write_mark() { printf '' >"$1"; }
bde_leave_raised() { :; }

bde_guess() {
  bde_guard=unknown
  bde_detail="depends on $1"
  bde_would_any=${bde_would_any:-$bde_id}
  bde_may_raise=$bde_may_raise$bde_raises
}

# The command of a guard, which changes nothing and so may be killed, with all of its process group: the status is 137 then.
bde_quietly() { { (umask 022; bde_alone timeout -s KILL "$bde_patience" sh -c "$1"); } >/dev/null 2>&1; }

# A command that does not inherit the wrapper's locks: what it leaves running must not hold them.
bde_alone() { "$@" 3>&- 7>&- 8>&- 9>&-; }

# Before the first act the run detaches, and what was applied is no longer what is there.
bde_begin_act() {
  [ -z "$bde_acting" ] || return 0
  bde_want
  bde_detach
  rm -f -- "$BDE_DIR/applied/$BDE_KEY"
  bde_acting=1
}

# Asks for contents that did not travel in the script; held.sh has the one that does.
bde_want() { :; }

# Notifications are written down before the change that raises them: a kill in between runs them once too often, never
# once too little. The marks are empty files, so a journaling file system keeps them in order with the change.
bde_raise() {
  [ -n "$bde_raises" ] || return 0
  mkdir -p -- "$bde_notify_dir" 2>"$bde_err" || { bde_blame 'writing a notification down'; return 1; }
  bde_ifs=$IFS
  IFS=$nl
  for bde_mark in $bde_raises; do
    bde_write_mark "$bde_notify_dir/$bde_mark" 2>"$bde_err" || { IFS=$bde_ifs; bde_blame 'writing a notification down'; return 1; }
  done
  IFS=$bde_ifs
}

# A notification that has come true by itself: a service that was just started needs no restart.
bde_settle() {
  for bde_mark in "$@"; do
    [ ! -e "$bde_notify_dir/$bde_mark" ] || rm -f -- "$bde_notify_dir/$bde_mark"
  done
}
bde_unraise() {
  for bde_mark in "$@"; do
    while case $bde_would_raise in *"$nl$bde_mark$nl"*) true ;; *) false ;; esac; do
      bde_would_raise=${bde_would_raise%%"$nl$bde_mark$nl"*}$nl${bde_would_raise#*"$nl$bde_mark$nl"}
    done
  done
}

# Runs a notified action where its mark is there, and takes the mark away once it ran.
bde_flush() {
  bde_open "$1"
  bde_mark=$2
  shift 2
  if [ "$BDE_MODE" = check ]; then
    bde_flush_check
  elif [ ! -e "$bde_notify_dir/$bde_mark" ]; then
    bde_forget
  elif [ -n "$bde_failed" ]; then
    bde_detail="stays for the next run, after $bde_failed failed"
    bde_close skipped
  else
    bde_flush_mark "$@"
  fi
}

bde_flush_at_once() {
  if [ -n "$bde_failed" ]; then bde_forget; else bde_flush "$@"; fi
}

bde_flush_check() {
  if [ -e "$bde_notify_dir/$bde_mark" ]; then
    bde_detail='raised by an earlier run'
    bde_close would-change
  elif case $bde_would_raise in *"$nl$bde_mark$nl"*) true ;; *) false ;; esac; then
    bde_unraise "$bde_mark"
    bde_close would-change
  elif case $bde_may_raise in *"$nl$bde_mark$nl"*) true ;; *) false ;; esac; then
    bde_detail="depends on ${bde_would_any:-$bde_would}"
    bde_close unknown
  else
    bde_forget
  fi
}

bde_flush_mark() {
  bde_gate
  bde_begin_act
  bde_flushed=$bde_notify_dir/$bde_mark
  bde_leave_raised "$bde_flushed"
  if ! bde_guards; then
    # A notification stays until it is known that nobody wants it.
    [ "$bde_guard" = failed ] || { bde_guard=unchanged; rm -f -- "$bde_flushed"; }
    bde_pass_over
    return 0
  fi
  until bde_run "$@"; do
    bde_try_again || { bde_fail; return 0; }
  done
  rm -f -- "$bde_flushed"
  bde_close changed
}

bde_run() { "$@"; }

# bde_fact NAME text|json COMMAND: what the command prints is the fact's value.
bde_fact() {
  [ -z "$bde_failed" ] && [ "$BDE_MODE" = apply ] || return 0
  bde_open "fact[$1]"
  bde_print_fact "$@" || bde_fail
}

bde_print_fact() {
  if ! (umask 022; bde_alone timeout -k 5 60 sh -c "$3") 2>"$bde_err" >"$BDE_TMP/fact"; then
    bde_blame "the command"
    return 1
  fi
  bde_value=$(head -c 16384 -- "$BDE_TMP/fact")
  rm -f -- "$BDE_TMP/fact"
  case $2 in
    text) bde_json "$bde_value"; bde_value=$bde_json ;;
    *) bde_value=$(printf %s "$bde_value" | tr -d '\000-\037') ;;
  esac
  bde_json "$1"
  printf '{"fact":%s,"value":%s}\n' "$bde_json" "${bde_value:-null}"
}

bde_finish() {
  [ -z "$bde_failed" ] || exit 1
  exit 0
}

# What went to bde_err, as the detail of a failure; $1 says of what.
bde_blame() {
  bde_detail=$(tail -c 2000 -- "$bde_err" 2>/dev/null)
  bde_detail=${bde_detail:-"$1 failed and said nothing"}
}
