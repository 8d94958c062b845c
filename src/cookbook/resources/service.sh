# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: unit, running, stopped or masked, enabled (yes, no, or nothing), marks of the actions that a start makes needless.
service_probe() {
  bde_unit "$1"
  if [ "$un_load" = not-found ] && [ "$2" = running ] && [ -z "$bde_would" ]; then
    bde_detail="there is no unit $1"
    return 2
  fi
  bde_why=
  service_is_enabled "$3" || bde_why="${un_file:-not known} instead of $([ "$3" = yes ] && echo enabled || echo disabled)"
  service_is_in "$2" || service_differs "$@"
  [ -z "$bde_why" ]
}

service_is_enabled() {
  case $1,$un_file in
    yes,enabled | yes,enabled-runtime | yes,static | yes,alias | yes,indirect | yes,generated) ;;
    no,enabled | no,enabled-runtime) return 1 ;;
    yes,*) return 1 ;;
  esac
}

service_is_in() {
  case $1,$un_active in
    running,active | running,reloading) ;;
    stopped,inactive | stopped,failed) ;;
    masked,inactive | masked,failed) [ "$un_load" = masked ] ;;
    *) return 1 ;;
  esac
}

service_differs() {
  bde_why="${bde_why:+$bde_why, }$un_active instead of $2"
  [ "$un_load" != masked ] || bde_why="masked instead of $2"
  [ "$2" = running ] && [ "$BDE_MODE" = check ] || return 0
  shift 3
  bde_unraise "$@"
}

service_act() {
  sv_active=$un_active
  if [ "$2" = masked ]; then
    bde_void_units
    bde_void_files
    bde_systemctl mask --now -- "$1"
    return
  fi
  if [ "$un_load" = masked ]; then
    bde_systemctl unmask -- "$1" || return 1
    bde_void_units
    bde_unit "$1"
  fi
  if [ "$un_reload" = yes ]; then bde_reload_units || return 1; fi
  if ! service_is_enabled "$3"; then
    case $3 in
      yes) bde_systemctl enable -- "$1" || return 1 ;;
      no) bde_systemctl disable -- "$1" || return 1 ;;
    esac
  fi
  service_is_in "$2" && { bde_void_units; return 0; }
  bde_void_units
  bde_void_files
  [ "$2" = running ] || { bde_systemctl stop -- "$1"; return; }
  # A unit that failed too often does not start before its failures are forgotten.
  [ "$sv_active" != failed ] || bde_systemctl reset-failed -- "$1"
  bde_systemctl start -- "$1" || bde_blame_unit "$1" || return 1
  shift 3
  bde_settle "$@"
}

# Notified actions. A service that is wanted stopped is not started by a restart.
service_restart() {
  service_before "$1" || return 1
  case $2 in running) sv_verb=restart ;; *) sv_verb=try-restart ;; esac
  service_notified "$sv_verb" "$1"
}

service_reload() {
  service_before "$1" || return 1
  case $2 in running) sv_verb=reload-or-restart ;; *) sv_verb=try-reload-or-restart ;; esac
  service_notified "$sv_verb" "$1"
}

service_before() {
  bde_unit "$1"
  [ "$un_reload" != yes ] || bde_reload_units
}

service_notified() {
  bde_void_units
  bde_void_files
  bde_systemctl "$1" -- "$2" || bde_blame_unit "$2"
}
