# shellcheck shell=sh disable=SC2034,SC2154
# Packages, in one batch: one `rpm -q` or `dpkg-query` over all of the list. bde_list_packages is made by compiling.
bde_installed=
bde_manager=

# bde_manager: the first of these that the node has. A Debian that has dnf, as our template, is one of dnf.
bde_find_manager() {
  [ -z "$bde_manager" ] || return 0
  for bde_manager in dnf tdnf yum apt-get; do
    command -v "$bde_manager" >/dev/null 2>&1 && return 0
  done
  bde_manager=
  bde_detail='this node has none of dnf, tdnf, yum, apt-get'
  return 1
}

# bde_evra: what is installed under a name, empty where nothing is: epoch:version-release.arch, or Debian's version. Of
# several (kernels), the wanted one counts where it is there.
bde_package() {
  [ -n "$bde_installed" ] || bde_read_packages
  bde_evra=
  case $bde_installed in
    *"$nl$1$tab$2$nl"*) bde_evra=$2 ;;
    *"$nl$1$tab"*) bde_evra=${bde_installed#*"$nl$1$tab"} bde_evra=${bde_evra%%"$nl"*} ;;
  esac
}

# shellcheck disable=SC2016
bde_read_packages() {
  bde_find_manager
  case $bde_manager in
    apt-get) bde_installed=$nl$(bde_list_packages dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Version}\n' -- 2>/dev/null | bde_only_installed)$nl ;;
    *) bde_installed=$nl$(bde_list_packages rpm -q --qf '%{name}\t%{epochnum}:%{version}-%{release}.%{arch}\n' -- 2>/dev/null)$nl ;;
  esac
}

# dpkg still knows packages that were removed and left their settings.
bde_only_installed() { awk -F '\t' '$1 == "installed" { print $2 "\t" $3 }'; }

# bde_is_version INSTALLED WANTED: a version may come without its epoch, its release and its architecture.
bde_is_version() {
  case $2,$bde_manager in
    ,*) return 0 ;;
    *,apt-get) [ "$1" = "$2" ]; return ;;
  esac
  case $1 in "$2" | *:"$2") return 0 ;; esac
  case ${1%.*} in "$2" | *:"$2" | "$2"-* | *:"$2"-*) return 0 ;; esac
  return 1
}

bde_void_packages() { bde_installed=; }
