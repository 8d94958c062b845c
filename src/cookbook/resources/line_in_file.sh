# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: path, mode, owner, group, secret, state, patterns before and after, pattern match, function that prints the line.
# Lines that match, or are the line itself, count as this line: one is there, or none.
line_in_file_probe() {
  bde_edit_look "$1" "$2" "$3" "$4" || return 2
  li_state=$6 ed_text=${10} ed_found=''
  if [ -n "$9" ]; then bde_edit_find match "$9" || return 2; fi
  li_line=$("$ed_text")
  if line_in_file_is_right; then
    [ -z "$bde_why" ]
    return
  fi
  ed_hits=$({ printf '%s\n' "$ed_found"; line_in_file_same -n; } | cut -d : -f 1)
  if [ "$li_state" = absent ]; then
    ed_text=:
  elif ! bde_edit_has_hits; then
    bde_edit_put "$7" "$8" || return
  fi
  bde_edit_differs line "$5"
}

# Without a pattern the line may be there several times.
line_in_file_is_right() {
  case $li_state,$ed_found in
    present,) line_in_file_same -q ;;
    present,*"$nl"*) return 1 ;;
    present,*) [ "${ed_found#*:}" = "$li_line" ] ;;
    absent,) ! line_in_file_same -q ;;
    *) return 1 ;;
  esac
}

# The line comes by stdin: arguments are seen by everyone on the node, and secrets may be in it.
line_in_file_same() {
  [ -n "$li_line" ] || return 1
  printf '%s\n' "$li_line" | grep "$1" -xF -f - -- "$ed_old"
}

line_in_file_act() { bde_edit_act; }
