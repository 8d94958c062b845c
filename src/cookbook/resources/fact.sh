# shellcheck shell=sh
# ARGS: those of bde_print_fact. A check changes nothing, so it needs no value.
fact_probe() {
  [ "$BDE_MODE" = apply ] || return 0
  bde_print_fact "$@" || return 2
}

fact_act() { :; }
