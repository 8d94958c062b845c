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
  case $1 in
    *.d/*) (umask 022; exec mkdir -p -- "${1%/*}") 2>"$bde_err" || { bde_blame mkdir; return 1; } ;;
  esac
  bde_file_act "$@" && bde_reload_units
}

# ARGS: unit, path of its file or drop-in, which is to be gone.
systemd_gone_probe() {
  bde_stat "$2"
  bde_unit "$1"
  case $st_type in
    absent)
      [ "$un_reload" = yes ] || return 0
      bde_why='systemd has not read that it is gone'
      ;;
    directory) bde_detail="$2 is a directory"; return 2 ;;
    *) bde_why="$2 is there" ;;
  esac
  return 1
}

systemd_gone_act() {
  if [ "$st_type" != absent ]; then
    bde_end_unit "$1" "$2" || return 1
    bde_touch "$2"
    rm -f -- "$2" 2>"$bde_err" || { bde_blame "removing $2"; return 1; }
    case $2 in *.d/*) rmdir -- "${2%/*}" 2>/dev/null || : ;; esac
  fi
  bde_reload_units
}
