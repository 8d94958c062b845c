# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: path, mode, owner, group.
directory_probe() {
  bde_stat "$1"
  case $st_type in
    absent) bde_why=absent; return 1 ;;
    directory) ;;
    *) bde_detail="$1 is no directory"; return 2 ;;
  esac
  bde_why=
  bde_owner_compare "$2" "$3" "$4"
  [ -z "$bde_why" ]
}

# Parents that are missing are made too, 0755 and root's.
directory_act() {
  bde_touch "$1"
  (umask 022; exec install -d -m "$2" -o "$3" -g "$4" -- "$1") 2>"$bde_err" && return 0
  bde_blame install
  return 1
}
