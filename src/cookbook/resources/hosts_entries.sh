# shellcheck shell=sh
# ARGS: those of bde_block_probe.
hosts_entries_probe() { bde_block_probe "$@"; }
hosts_entries_act() { bde_edit_act; }
