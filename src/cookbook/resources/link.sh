# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: path, target, force (or nothing).
link_probe() {
  bde_stat "$1"
  case $st_type in
    absent) bde_why=absent; return 1 ;;
    link) [ "$st_target" != "$2" ] || return 0; bde_why="leads to $st_target"; return 1 ;;
    directory) bde_detail="$1 is a directory"; return 2 ;;
  esac
  [ -z "$3" ] || { bde_why="$1 is no link"; return 1; }
  bde_detail="$1 is no link; \`force: true\` would replace it"
  return 2
}

# What lies below the link's name may be another file now.
link_act() {
  bde_void_files
  bde_void_units
  bde_new=${1%/*}/.bde-new-${1##*/}
  { rm -f -- "$bde_new" && ln -s -T -- "$2" "$bde_new" && mv -fT -- "$bde_new" "$1"; } 2>"$bde_err" && return 0
  bde_blame ln
  return 1
}
