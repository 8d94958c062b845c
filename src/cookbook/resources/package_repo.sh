# shellcheck shell=sh
# ARGS: those of bde_file_probe.
package_repo_probe() { bde_file_probe "$@"; }
package_repo_act() { bde_file_act "$@"; }
