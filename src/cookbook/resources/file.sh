# shellcheck shell=sh
# ARGS: those of bde_file_probe.
file_probe() { bde_file_probe "$@"; }
file_act() { bde_file_act "$@"; }
