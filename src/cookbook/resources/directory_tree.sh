# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: those of directory; all below the folder is to have its owner and group as well. Other filesystems are left alone.
directory_tree_probe() {
  directory_probe "$@" || return
  dt_other=$(directory_tree_others "$@" -print 2>"$bde_err" | head -n 1)
  if [ -s "$bde_err" ]; then bde_blame find; return 2; fi
  [ -n "$dt_other" ] || return 0
  bde_why="$dt_other is another's"
  return 1
}

directory_tree_others() {
  dt_path=$1 dt_owner=$3 dt_group=$4
  shift 4
  find "$dt_path" -xdev '(' ! -user "$dt_owner" -o ! -group "$dt_group" ')' "$@"
}

directory_tree_act() {
  directory_act "$@" || return 1
  bde_void_files
  directory_tree_others "$@" -exec chown -h -- "$3:$4" '{}' + 2>"$bde_err" && return 0
  bde_blame chown
  return 1
}
