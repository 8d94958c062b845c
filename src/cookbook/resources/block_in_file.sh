# shellcheck shell=sh
# ARGS: those of bde_block_probe.
block_in_file_probe() { bde_block_probe "$@"; }
block_in_file_act() { bde_edit_act; }
