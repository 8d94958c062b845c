# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: repos (comma between), then for each package its name, its epoch:version-release.arch, and how dnf takes it.
# One transaction for all that a node's roles ask for.
packages_probe() {
  shift
  bde_why=
  while [ "$#" -gt 0 ]; do
    bde_package "$1" "$2"
    if [ -z "$bde_evra" ]; then
      bde_why="${bde_why:+$bde_why, }$1"
    elif [ "$bde_evra" != "$2" ]; then
      bde_why="${bde_why:+$bde_why, }$1 $bde_evra"
    fi
    shift 3
  done
  [ -z "$bde_why" ]
}

packages_act() {
  bde_void_packages
  pk_repos=$1
  shift
  pk_count=$(($# / 3))
  # Every third argument is what dnf takes.
  while [ "$pk_count" -gt 0 ]; do
    set -- "$@" "$3"
    shift 3
    pk_count=$((pk_count - 1))
  done
  (umask 022; exec dnf -y -q --refresh --disablerepo '*' --enablerepo "$pk_repos" --setopt='*.gpgcheck=1' install -- "$@") >"$bde_err" 2>&1 && return 0
  bde_blame dnf
  return 1
}
