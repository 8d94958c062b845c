# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: those of directory, then the names of all files that may be in it. Folders in it are left alone.
directory_only_probe() {
  directory_probe "$1" "$2" "$3" "$4" || return
  do_other=$(directory_only_others "$@" 2>"$bde_err" | head -n 1)
  if [ -s "$bde_err" ]; then bde_blame find; return 2; fi
  [ -n "$do_other" ] || return 0
  bde_why="$do_other does not belong there"
  return 1
}

directory_only_others() {
  do_path=$1
  shift 4
  for do_name in "$@"; do
    shift
    set -- "$@" ! -name "$do_name"
  done
  find "$do_path" -mindepth 1 -maxdepth 1 ! -type d "$@"
}

directory_only_act() {
  directory_act "$1" "$2" "$3" "$4" || return 1
  bde_void_files
  do_others=$(directory_only_others "$@" 2>"$bde_err") || { bde_blame find; return 1; }
  do_ifs=$IFS
  IFS=$nl
  for do_other in $do_others; do
    IFS=$do_ifs
    rm -f -- "$do_other" 2>"$bde_err" || { bde_blame rm; return 1; }
  done
  IFS=$do_ifs
}
