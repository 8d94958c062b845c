# shellcheck shell=sh disable=SC2034,SC2154
# Packages, in one batch: one `rpm -q` over all of the list. bde_list_packages is made by compiling.
bde_rpms=

# bde_evra: epoch:version-release.arch of what is installed under a name, empty where nothing is. Of several (kernels),
# the wanted one counts where it is there.
bde_package() {
  [ -n "$bde_rpms" ] || bde_rpms=$nl$(bde_list_packages rpm -q --qf '%{name}\t%{epochnum}:%{version}-%{release}.%{arch}\n' -- 2>/dev/null)$nl
  bde_evra=
  case $bde_rpms in
    *"$nl$1$tab$2$nl"*) bde_evra=$2 ;;
    *"$nl$1$tab"*) bde_evra=${bde_rpms#*"$nl$1$tab"} bde_evra=${bde_evra%%"$nl"*} ;;
  esac
}

bde_void_packages() { bde_rpms=; }
