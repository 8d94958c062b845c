# shellcheck shell=sh disable=SC2034,SC2154
# Users and groups, in one batch each. bde_list_users and bde_list_groups are made by compiling.
bde_users=
bde_groups=

bde_void_accounts() {
  bde_users=
  bde_groups=
  # Owners of files are shown by name.
  bde_void_files
}

# pw_uid, pw_gid, pw_comment, pw_home, pw_shell of a user; fails where there is none.
bde_user() {
  [ -n "$bde_users" ] || bde_users=$nl$(bde_list_users getent passwd)$nl
  case $bde_users in *"$nl$1:"*) ;; *) return 1 ;; esac
  bde_line=${bde_users#*"$nl$1:"}
  bde_line=${bde_line%%"$nl"*}
  pw_rest=${bde_line#*:}
  pw_uid=${pw_rest%%:*} pw_rest=${pw_rest#*:}
  pw_gid=${pw_rest%%:*} pw_rest=${pw_rest#*:}
  pw_comment=${pw_rest%%:*} pw_rest=${pw_rest#*:}
  pw_home=${pw_rest%%:*} pw_shell=${pw_rest#*:}
}

# gr_gid, gr_members (`,a,b,`) of a group; fails where there is none.
bde_group() {
  [ -n "$bde_groups" ] || bde_groups=$nl$(bde_list_groups getent group)$nl
  case $bde_groups in *"$nl$1:"*) ;; *) return 1 ;; esac
  bde_line=${bde_groups#*"$nl$1:"}
  bde_line=${bde_line%%"$nl"*}
  gr_rest=${bde_line#*:}
  gr_gid=${gr_rest%%:*} gr_members=,${gr_rest#*:},
}

bde_account_command() {
  bde_void_accounts
  "$@" >"$bde_err" 2>&1 && return 0
  bde_blame "$1"
  return 1
}
