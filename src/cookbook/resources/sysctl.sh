# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: file below /proc/sys, value, where_possible (or nothing), then those of bde_file_probe for the file that keeps it.
sysctl_probe() {
  sy_file=$1 sy_value=$2 sy_lenient=$3
  shift 3
  bde_file_probe "$@"
  sy_kept=$?
  [ "$sy_kept" -le 1 ] || return "$sy_kept"
  sysctl_read
  sysctl_is_set || bde_why="${bde_why:+$bde_why, }$sy_now instead of $sy_value"
  [ "$sy_kept" = 0 ] && sysctl_is_set
}

# Values of several numbers stand with tabs between them. The shell's own read takes one byte at a time, and a file of
# /proc/sys gives its value to the first read alone.
sysctl_read() {
  sy_now=absent
  [ ! -r "$sy_file" ] || sy_now=$(cat "$sy_file")
  # shellcheck disable=SC2086
  set -- $sy_now
  sy_now=$*
}

# In a container most of /proc/sys is the host's and read-only.
sysctl_is_set() {
  [ "$sy_now" != "$sy_value" ] || return 0
  [ -n "$sy_lenient" ] && [ ! -w "$sy_file" ] || return 1
  bde_detail="the kernel keeps $sy_now: $sy_file cannot be written here"
}

sysctl_act() {
  shift 3
  bde_detail=
  if [ "$sy_kept" != 0 ]; then bde_file_act "$@" || return 1; fi
  sysctl_is_set && return 0
  printf '%s\n' "$sy_value" 2>"$bde_err" >"$sy_file" && return 0
  bde_blame "writing $sy_file"
  return 1
}
