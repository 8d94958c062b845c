# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: timer, unit that it starts, calendar expressions (one a line), then those of bde_file_probe for each of its files.
timer_probe() {
  tm_timer=$1 tm_started=$2 tm_calendars=$3
  shift 3
  bde_files_probe "$@"
  [ "$?" -lt 2 ] || return 2
  tm_why=$bde_why
  bde_unit "$tm_started"
  [ "$un_reload" != yes ] || tm_why="${tm_why:+$tm_why, }systemd has not read $tm_started yet"
  bde_unit "$tm_timer"
  [ "$un_reload" != yes ] || tm_why="${tm_why:+$tm_why, }systemd has not read $tm_timer yet"
  case $un_file in enabled | enabled-runtime) ;; *) tm_why="${tm_why:+$tm_why, }${un_file:-not known} instead of enabled" ;; esac
  [ "$un_active" = active ] || tm_why="${tm_why:+$tm_why, }$un_active instead of running"
  bde_why=$tm_why
  [ -n "$bde_why" ] || return 0
  timer_is_sound || return 2
  return 1
}

# systemd itself drops a line that it cannot read, and says so in its journal alone.
timer_is_sound() {
  command -v systemd-analyze >/dev/null 2>&1 || return 0
  bde_ifs=$IFS
  IFS=$nl
  for tm_calendar in $tm_calendars; do
    systemd-analyze calendar -- "$tm_calendar" >/dev/null 2>"$bde_err" && continue
    IFS=$bde_ifs
    bde_blame systemd-analyze
    bde_detail="on_calendar $tm_calendar: $bde_detail"
    return 1
  done
  IFS=$bde_ifs
}

# Reading the files again sets a running timer to its new moments.
timer_act() {
  shift 3
  bde_files_act "$@" || return 1
  bde_reload_units || return 1
  bde_systemctl enable -- "$tm_timer" || return 1
  bde_systemctl start -- "$tm_timer" || bde_blame_unit "$tm_timer"
}

# ARGS: timer, its file, the service of its own, that one's file, the line with which such a file begins.
timer_gone_probe() {
  bde_why=
  bde_stat "$2"
  [ "$st_type" = absent ] || bde_why="$2 is there"
  tm_timer_type=$st_type
  timer_owns_service "$4" "$5" && bde_why="${bde_why:+$bde_why, }$4 is there"
  for tm_unit in "$1" "$3"; do
    bde_unit "$tm_unit"
    [ "$un_reload" != yes ] || bde_why="${bde_why:+$bde_why, }systemd has not read that $tm_unit is gone"
  done
  [ -z "$bde_why" ]
}

timer_owns_service() {
  bde_stat "$1"
  tm_first=
  [ "$st_type" = 'file' ] || return 1
  read -r tm_first <"$1"
  [ "$tm_first" = "$2" ]
}

timer_gone_act() {
  if [ "$tm_timer_type" != absent ]; then timer_remove "$1" "$2" || return 1; fi
  if timer_owns_service "$4" "$5"; then timer_remove "$3" "$4" || return 1; fi
  bde_reload_units
}

timer_remove() {
  bde_end_unit "$1" "$2" || return 1
  bde_touch "$2"
  rm -f -- "$2" 2>"$bde_err" && return 0
  bde_blame "removing $2"
  return 1
}
