# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: name, then those of bde_file_probe for the file that keeps it.
hostname_probe() {
  hn_name=$1
  shift
  bde_why=
  bde_file_probe "$@"
  hn_kept=$?
  [ "$hn_kept" -le 1 ] || return "$hn_kept"
  hn_now=$(cat /proc/sys/kernel/hostname)
  [ "$hn_now" = "$hn_name" ] || bde_why="${bde_why:+$bde_why, }$hn_now instead of $hn_name"
  [ "$hn_kept" = 0 ] && [ "$hn_now" = "$hn_name" ]
}

hostname_act() {
  shift
  if [ "$hn_kept" != 0 ]; then bde_file_act "$@" || return 1; fi
  [ "$hn_now" != "$hn_name" ] || return 0
  # The program says why it is refused; not every node has it.
  { printf '%s\n' "$hn_name" >/proc/sys/kernel/hostname; } 2>"$bde_err" && return 0
  hostname "$hn_name" 2>"$bde_err" && return 0
  bde_blame hostname
  return 1
}
