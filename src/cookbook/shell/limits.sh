# shellcheck shell=sh disable=SC2034,SC2154
# For scripts in which a resource has `retry` or `timeout`: takes the place of functions of run.sh.

# True where the resource, or the action, is to be tried once more; what was seen before is void then.
bde_try_again() {
  [ "$bde_tries" -le "$bde_retries" ] && [ "$BDE_MODE" = apply ] || return 1
  sleep "$bde_delay"
  bde_gate
  bde_tries=$((bde_tries + 1))
  bde_detail=
  bde_why=
  bde_proved=
  bde_void_all
}

bde_void_all() {
  bde_void_accounts
  bde_void_files
  bde_void_packages
  bde_void_units
}

# A try of a resource, its looks and its act each in a shell of their own. A check does not act, and has no bound.
bde_try() {
  if [ -z "$bde_limit" ] || [ "$BDE_MODE" = check ]; then
    bde_try_unbounded "$@"
    return
  fi
  bde_bounded bde_look "$@"
  case $? in
    0) bde_as_wanted ;;
    1)
      bde_begin_act
      bde_acted=1
      bde_wanted=$bde_why
      bde_raise && bde_bounded bde_look_and_do "$@" || return 1
      bde_detail=${bde_detail:-$bde_wanted}
      bde_close changed
      ;;
    3) bde_doubt ;;
    *) return 1 ;;
  esac
}

bde_look() {
  "${bde_kind}_probe" "$@"
  bde_seen=$?
  [ "$bde_seen" != 1 ] || bde_make_diff
  return "$bde_seen"
}

# What the look found is not known in this shell, so it is taken once more.
bde_look_and_do() {
  "${bde_kind}_probe" "$@"
  case $? in
    0) ;;
    1) bde_detail=; "${bde_kind}_act" "$@" && bde_prove "$@" ;;
    *) return 1 ;;
  esac
}

# An action of a notification.
bde_run() {
  if [ -z "$bde_limit" ]; then "$@"; else bde_bounded "$@"; fi
}

# Runs a function in a shell of its own for bde_limit seconds at most, counted by a sleep that the function's end ends. Of
# what it finds out only the words for the report come back: all that was looked at before is void.
bde_bounded() {
  bde_end=$BDE_TMP/bounded
  rm -f -- "$bde_end.status"
  sleep "$bde_limit" >/dev/null 2>&1 3>&- 7>&- 8>&- 9>&- &
  bde_clock=$!
  bde_in_bounds "$@" &
  bde_worker=$!
  if { wait "$bde_clock"; } 2>/dev/null && [ ! -e "$bde_end.status" ]; then
    bde_end_tree "$bde_worker"
    { wait "$bde_worker"; } 2>/dev/null
    bde_detail="not done after $bde_limit s"
    bde_void_all
    return 2
  fi
  wait "$bde_worker"
  bde_void_all
  bde_detail=$(cat -- "$bde_end.detail")
  bde_why=$(cat -- "$bde_end.why")
  bde_diff=${bde_diff:-$(cat -- "$bde_end.diff")}
  read -r bde_status <"$bde_end.status"
  return "$bde_status"
}

bde_in_bounds() {
  "$@"
  bde_status=$?
  printf %s "$bde_detail" >"$bde_end.detail"
  printf %s "$bde_why" >"$bde_end.why"
  printf %s "$bde_diff" >"$bde_end.diff"
  echo "$bde_status" >"$bde_end.status"
  kill "$bde_clock" 2>/dev/null
}

# Ends a process, all that stands below it, and the process groups and sessions that one of those leads.
bde_end_tree() {
  bde_doomed=$1
  bde_hold_tree
  # shellcheck disable=SC2086
  { kill -s TERM $bde_doomed; kill -s CONT $bde_doomed; } 2>/dev/null
  for bde_turn in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$(bde_list_tree)" ] || return 0
    sleep 0.2
  done
  bde_hold_tree
  # shellcheck disable=SC2086
  kill -s KILL $bde_doomed 2>/dev/null
}

# Stops them, again and again until nobody is left who could start another one meanwhile.
bde_hold_tree() {
  bde_held=
  until bde_doomed=$(bde_list_tree); [ "$bde_doomed" = "$bde_held" ]; do
    # shellcheck disable=SC2086
    kill -s STOP $bde_doomed 2>/dev/null
    bde_held=$bde_doomed
  done
}

# Those of bde_doomed that live, and what belongs to them. A program's name may hold blanks and brackets, so what comes before
# the last bracket is cut off.
bde_list_tree() {
  (set +f; cat /proc/[0-9]*/stat 2>/dev/null) |
    sed -n 's/^\([0-9]*\) (.*) [^ZX] \([0-9]*\) \([0-9]*\) \([0-9]*\) .*/\1 \2 \3 \4/p' |
    BDE_TOPS=$bde_doomed awk '
      { parent[$1] = $2; group[$1] = $3; session[$1] = $4 }
      END {
        count = split(ENVIRON["BDE_TOPS"], top)
        for (at = 1; at <= count; at += 1) if (top[at] in parent) doomed[top[at]] = 1
        do {
          more = 0
          for (p in parent)
            if (!(p in doomed) && (parent[p] in doomed || group[p] in doomed || session[p] in doomed)) more = doomed[p] = 1
        } while (more)
        for (p in doomed) print p
      }' |
    sort
}
