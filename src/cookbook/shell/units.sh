# shellcheck shell=sh disable=SC2034,SC2154
# Units of systemd, in one batch: one `systemctl show` over all of the list. bde_list_units is made by compiling.
bde_units=

bde_void_units() { bde_units=; }

# un_load, un_active, un_file, un_reload of a unit.
bde_unit() {
  [ -n "$bde_units" ] || bde_read_units
  un_load=not-found un_active=inactive un_file='' un_reload=no
  case $bde_units in *"$nl$1$tab"*) ;; *) return 0 ;; esac
  bde_line=${bde_units#*"$nl$1$tab"}
  bde_line=${bde_line%%"$nl"*}
  bde_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086
  set -- $bde_line
  IFS=$bde_ifs
  un_load=$1 un_active=$2 un_file=$3 un_reload=$4
}

# Blocks come in the order of the arguments, a blank line between them; a unit's Id may be another name of it.
bde_read_units() {
  bde_shown=$(bde_list_units systemctl show -p LoadState -p ActiveState -p UnitFileState -p NeedDaemonReload -- 2>/dev/null)
  bde_units=$nl
  bde_list_units bde_pair_units
}

bde_pair_units() {
  un_load='' un_active='' un_file='' un_reload=no
  while IFS='=' read -r bde_name bde_value; do
    case $bde_name in
      LoadState) un_load=$bde_value ;;
      ActiveState) un_active=$bde_value ;;
      UnitFileState) un_file=$bde_value ;;
      NeedDaemonReload) un_reload=$bde_value ;;
      '')
        [ "$#" -gt 0 ] || break
        bde_units=$bde_units$1$tab$un_load,$un_active,$un_file,$un_reload$nl
        shift
        un_load='' un_active='' un_file='' un_reload=no
        ;;
    esac
  done <<END_OF_UNITS
$bde_shown

END_OF_UNITS
}

bde_systemctl() {
  systemctl "$@" >"$bde_err" 2>&1 && return 0
  bde_blame "systemctl $*"
  return 1
}

bde_reload_units() {
  bde_void_units
  bde_systemctl daemon-reload
}

# A unit that does not start says why in the journal, not to systemctl.
bde_blame_unit() {
  bde_detail=$bde_detail$nl$(journalctl -u "$1" -n 5 -o cat --no-pager 2>/dev/null | tail -c 1500)
  return 1
}

# bde_end_unit UNIT FILE: a unit whose file is about to be removed is stopped, and its links go with it. Where a file of
# the system's own takes over, or the file is a drop-in, the unit stays as it is.
bde_end_unit() {
  case $2 in *.d/*) return 0 ;; esac
  for bde_folder in /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    [ ! -e "$bde_folder/$1" ] || return 0
  done
  case $1 in
    *@.*) bde_systemctl disable -- "$1" ;;
    *) bde_systemctl disable --now -- "$1" ;;
  esac
}
