# shellcheck shell=sh
# ARGS: those of bde_file_probe.
config_map_probe() { bde_file_probe "$@"; }
config_map_act() { bde_file_act "$@"; }
