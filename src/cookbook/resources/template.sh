# shellcheck shell=sh
# ARGS: those of bde_file_probe.
template_probe() { bde_file_probe "$@"; }
template_act() { bde_file_act "$@"; }
