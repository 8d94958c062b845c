# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: function that prints the command's text, user (or nothing), limit in seconds, secret (or nothing), path that it
# must have made (or nothing).
execute_probe() {
  if [ -n "$5" ] && [ -e "$5" ]; then return 0; fi
  bde_why=${5:+"$5 is absent"}
  bde_why=${bde_why:-runs}
  return 1
}

# The text goes to the shell on stdin: arguments are seen by everyone on the node, and secrets may be in it.
execute_act() {
  bde_void_files
  bde_void_units
  bde_void_accounts
  if [ -n "$2" ]; then ex_as="runuser -u $2 --"; else ex_as=; fi
  {
    # shellcheck disable=SC2086,SC2016
    "$1" | bde_alone timeout -k 10 "$3" sh -c 'echo "$PPID" >"$0"; exec "$@"' "$BDE_TMP/group" $ex_as sh -s
    echo "$?" >"$BDE_TMP/status"
    execute_end_group
  } 2>&1 | tail -c 2000 >"$bde_err"
  read -r ex_status <"$BDE_TMP/status"
  [ -n "$5" ] || bde_proved=1
  [ "$ex_status" != 0 ] || return 0
  bde_detail="exit $ex_status"
  [ "$ex_status" != 124 ] || bde_detail="not done after $3 s"
  if [ -n "$4" ]; then
    bde_detail="$bde_detail (its output is not shown, for it holds secrets)"
  else
    ex_said=$(cat -- "$bde_err")
    bde_detail=$bde_detail${ex_said:+: $ex_said}
  fi
  return 1
}

# `timeout` ends as soon as the command does, though others of its process group may have ignored its signal.
execute_end_group() {
  read -r ex_status <"$BDE_TMP/status"
  case $ex_status in 124 | 137) ;; *) return 0 ;; esac
  read -r ex_group <"$BDE_TMP/group" && kill -KILL "-$ex_group" 2>/dev/null
}

# A resource that only runs when it is notified.
execute_idle_probe() { bde_detail='runs when notified'; }
execute_run() { execute_act "$@"; }
