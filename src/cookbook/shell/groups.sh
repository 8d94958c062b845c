# shellcheck shell=sh disable=SC2034,SC2154
# For scripts in which an include or a custom resource has guards: takes the place of functions of run.sh.

# Groups of the coming resource or action, the outermost first, one a line.
bde_within=
# Groups that are passed over, one a line: its id, the outcome of what it is made of, and why.
bde_passed_over=$nl

bde_within() { bde_within=$bde_within$1$nl; }

# Judges the guards of a group, once, before the first of what it is made of.
bde_judge() {
  bde_open "$1"
  if [ -z "$bde_failed" ] && ! bde_guards; then
    [ "$bde_guard" != failed ] || { bde_fail; return 0; }
    bde_passed_over=$bde_passed_over$1$tab$bde_guard$tab${bde_detail%%"$nl"*}$nl
  fi
  bde_forget
}

# False where one of the groups is passed over.
bde_admitted() {
  bde_rest=$bde_within
  while [ -n "$bde_rest" ]; do
    bde_outer=${bde_rest%%"$nl"*}
    bde_rest=${bde_rest#*"$nl"}
    case $bde_passed_over in
      *"$nl$bde_outer$tab"*)
        bde_line=${bde_passed_over#*"$nl$bde_outer$tab"}
        bde_line=${bde_line%%"$nl"*}
        bde_guard=${bde_line%%"$tab"*}
        bde_detail="$bde_outer: ${bde_line#*"$tab"}"
        [ "$bde_guard" != unknown ] || bde_may_raise=$bde_may_raise$bde_raises
        return 1
        ;;
    esac
  done
}

# A notification remembers in which groups it was raised: these held then. `creates` may say no since.
bde_write_mark() { printf %s "$bde_within" >>"$1"; }

bde_leave_raised() {
  while IFS= read -r bde_outer; do
    case $nl$bde_within in
      *"$nl$bde_outer$nl"*)
        bde_rest=$nl$bde_within
        bde_within=${bde_rest%%"$nl$bde_outer$nl"*}$nl${bde_rest#*"$nl$bde_outer$nl"}
        bde_within=${bde_within#"$nl"}
        ;;
    esac
  done <"$1"
}
