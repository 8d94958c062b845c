# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: name, gid (or nothing), system (or nothing).
group_probe() {
  bde_group "$1" || { bde_why=absent; return 1; }
  case $2 in '' | "$gr_gid") return 0 ;; esac
  bde_why="gid $gr_gid instead of $2"
  return 1
}

group_act() {
  gr_name=$1 gr_want=$2 gr_system=$3
  set --
  [ -z "$gr_want" ] || set -- -g "$gr_want"
  if bde_group "$gr_name"; then
    bde_account_command groupmod "$@" -- "$gr_name"
  else
    [ -z "$gr_system" ] || set -- -r "$@"
    bde_account_command groupadd "$@" -- "$gr_name"
  fi
}
