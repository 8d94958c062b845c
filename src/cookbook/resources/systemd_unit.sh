# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: unit, then those of bde_file_probe.
systemd_unit_probe() {
  su_unit=$1
  shift
  bde_file_probe "$@" || return
  bde_unit "$su_unit"
  [ "$un_reload" = yes ] || return 0
  bde_same_content=1
  bde_why='systemd has not read it yet'
  return 1
}

# A kill before the daemon-reload loses nothing: systemd itself knows that it has not read the file.
systemd_unit_act() {
  shift
  bde_file_act "$@" && bde_reload_units
}
