# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: repos (comma between), packages to hold (comma between), then for each package how it comes (`locked`, `node`,
# `absent`), its name, what it is to be (epoch:version-release.arch, a version, or nothing), and how dnf takes it.
# One transaction for all that a node's roles ask for.
packages_probe() {
  bde_find_manager || return 2
  pk_holds=$2
  shift 2
  pk_why=
  while [ "$#" -gt 0 ]; do
    if [ "$1$bde_manager" = lockedapt-get ]; then
      bde_detail="the mirror has $2 as an RPM, and this node has apt-get alone; write from: node where its own sources have it"
      return 2
    fi
    packages_differ "$@" && pk_why="${pk_why:+$pk_why, }$2${bde_evra:+ $bde_evra}"
    shift 4
  done
  packages_hold_probe "$pk_holds" || return
  bde_why=${pk_why:+$pk_why${bde_why:+, }}$bde_why
  [ -z "$bde_why" ]
}

packages_differ() {
  bde_package "$2" "$3"
  case $1 in
    absent) [ -n "$bde_evra" ] ;;
    locked) [ "$bde_evra" != "$3" ] ;;
    *) [ -z "$bde_evra" ] || ! bde_is_version "$bde_evra" "$3" ;;
  esac
}

# What differs is left in two lists: what is to come, as the manager takes it, and what is to go.
packages_act() {
  pk_repos=$1
  shift 2
  pk_count=$(($# / 4))
  pk_gone=
  pk_from_node=
  while [ "$pk_count" -gt 0 ]; do
    case $1 in
      locked) set -- "$@" "$4" ;;
      absent) ! packages_differ "$@" || pk_gone="$pk_gone $2" ;;
      # One that is there already would be brought to its newest version.
      node) ! packages_differ "$@" || { packages_taken "$2" "$3"; set -- "$@" "$pk_taken"; } ;;
    esac
    shift 4
    pk_count=$((pk_count - 1))
  done
  bde_void_packages
  case $bde_manager in
    apt-get) packages_by_apt "$@" ;;
    dnf) packages_by_dnf "$@" ;;
    *) packages_by_yum "$@" ;;
  esac || { bde_blame "$bde_manager"; return 1; }
  packages_hold_act "$pk_holds"
}

# pk_taken: a package of the node's own sources as its manager takes it. ARGS: name, version or nothing.
packages_taken() {
  pk_from_node=1
  case $2,$bde_manager in
    ,*) pk_taken=$1 ;;
    *,apt-get) pk_taken=$1=$2 ;;
    *) pk_taken=$1-$2 ;;
  esac
}

packages_say() { (umask 022; exec "$@") >"$bde_err" 2>&1; }

# Excludes keep packages from everyone but us.
packages_by_dnf() {
  # shellcheck disable=SC2086
  [ -z "$pk_gone" ] || packages_say dnf -y -q --disableexcludes=all --noautoremove remove -- $pk_gone || return 1
  [ "$#" -gt 0 ] || return 0
  set -- install -- "$@"
  # A package of the node's own sources may be in any of them.
  [ -n "$pk_from_node" ] || set -- --disablerepo '*' --enablerepo "$pk_repos" --setopt='*.gpgcheck=1' "$@"
  packages_say dnf -y -q --refresh --disableexcludes=all "$@"
}

# These two install what is newer; for what is older they have a word of its own.
packages_by_yum() {
  case $bde_manager in tdnf) pk_all=--disableexcludes ;; *) pk_all=--disableexcludes=all ;; esac
  # shellcheck disable=SC2086
  [ -z "$pk_gone" ] || packages_say "$bde_manager" -y -q "$pk_all" remove -- $pk_gone || return 1
  [ "$#" -gt 0 ] || return 0
  packages_say "$bde_manager" -q clean expire-cache || packages_say "$bde_manager" -q clean metadata || return 1
  set -- -- "$@"
  [ -n "$pk_from_node" ] || set -- "--disablerepo=*" "--enablerepo=$pk_repos" "$@"
  packages_say "$bde_manager" -y -q "$pk_all" install "$@" || return 1
  # It has nothing to do where all is as it should be, and ends well then.
  packages_say "$bde_manager" -y -q "$pk_all" downgrade "$@" || :
}

# A name with a minus behind it goes, in the same transaction.
packages_by_apt() {
  for pk_name in $pk_gone; do set -- "$@" "$pk_name-"; done
  [ "$#" -gt 0 ] || return 0
  packages_say apt-get -q update || return 1
  packages_say env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Options::=--force-confold --allow-downgrades \
    --allow-change-held-packages --no-install-recommends install -- "$@"
}
