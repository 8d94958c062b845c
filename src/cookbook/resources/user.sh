# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: name, uid, primary group, further groups (comma between), home, shell, comment, system; each may be empty; then a
# function that prints the hash of its password, where that is wanted.
user_probe() {
  bde_user "$1" || { bde_why=absent; return 1; }
  bde_why=
  user_compare uid "$2" "$pw_uid"
  user_compare home "$5" "$pw_home"
  user_compare shell "$6" "$pw_shell"
  user_compare comment "$7" "$pw_comment"
  if [ -n "$3" ]; then
    bde_group "$3" || gr_gid=none
    [ "$gr_gid" = "$pw_gid" ] || user_differs "group $pw_gid instead of $3"
  fi
  user_compare_groups "$1" "$4"
  [ -z "$9" ] || user_compare_password "$1" "$9" || return 2
  [ -z "$bde_why" ]
}

user_compare() { case $2 in '' | "$3") ;; *) user_differs "$1 $3 instead of $2" ;; esac; }

user_differs() { bde_why="${bde_why:+$bde_why, }$1"; }

user_compare_groups() {
  us_name=$1
  bde_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086
  set -- $2
  IFS=$bde_ifs
  for us_group in "$@"; do
    bde_group "$us_group" || gr_members=
    case $gr_members in *",$us_name,"*) ;; *) user_differs "not in $us_group" ;; esac
  done
}

user_compare_password() {
  us_hash=$("$2")
  # chpasswd would take a colon or a line end for its own; what is wrong is not shown, for it may be the password.
  case $us_hash in
    '*') ;;
    *[!0-9A-Za-z./\$,=_+-]* | [!\$]*) bde_detail='password_hash is no hash such as crypt(3) gives'; return 2 ;;
  esac
  us_line=$(getent shadow "$1")
  us_line=${us_line#*:}
  [ "${us_line%%:*}" = "$us_hash" ] || user_differs password
}

# The home folder itself is a directory resource's business.
user_act() {
  user_put "$@" && { [ -z "$9" ] || user_set_password "$1" "$9"; }
}

# By stdin: arguments are seen by everyone on the node.
user_set_password() {
  { printf '%s:' "$1" && "$2" && echo; } | chpasswd -e >"$bde_err" 2>&1 && return 0
  bde_blame chpasswd
  return 1
}

user_put() {
  us_name=$1 us_uid=$2 us_group=$3 us_groups=$4 us_home=$5 us_shell=$6 us_comment=$7 us_system=$8
  set --
  [ -z "$us_uid" ] || set -- "$@" -u "$us_uid"
  [ -z "$us_home" ] || set -- "$@" -d "$us_home"
  [ -z "$us_shell" ] || set -- "$@" -s "$us_shell"
  [ -z "$us_comment" ] || set -- "$@" -c "$us_comment"
  if bde_user "$us_name"; then
    [ -z "$us_group" ] || set -- "$@" -g "$us_group"
    [ -z "$us_groups" ] || set -- "$@" -a -G "$us_groups"
    # Where only the password differs: usermod without an option is an error.
    [ "$#" = 0 ] || bde_account_command usermod "$@" -- "$us_name"
    return
  fi
  [ -z "$us_groups" ] || set -- "$@" -G "$us_groups"
  [ -z "$us_system" ] || set -- "$@" -r
  if [ -n "$us_group" ]; then
    set -- "$@" -g "$us_group"
  elif bde_group "$us_name"; then
    set -- "$@" -g "$us_name"
  else
    set -- "$@" -U
  fi
  bde_account_command useradd -M "$@" -- "$us_name"
}

# ARGS: name. What it owned stays, its home too.
user_absent_probe() {
  bde_user "$1" || return 0
  bde_why='is there'
  return 1
}

user_absent_act() { bde_account_command userdel -- "$1"; }
