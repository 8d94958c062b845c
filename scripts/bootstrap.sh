#!/bin/sh
# Prepares a checkout: packages of the host, node_modules, dist/. Says what it is going to do, then does it.
# A run that was cut short is simply done again: each part is looked at, and each stamp is written last.
#
#   bootstrap.sh         what bin/bde needs
#   bootstrap.sh test    what bin/test needs too
#
# BDE_NO_INSTALL=1 installs no packages on the host and names them instead. Ends with 4 where it cannot go on.
set -eu

root=$(dirname "$(dirname "$(readlink -f "$0")")")
cd "$root"

say() { printf 'bde: %s\n' "$*" >&2; }

give_up() {
  for line in "$@"; do say "$line"; done
  exit 4
}

# Prints the packages of the given lists whose files are not there, each once.
missing_packages() {
  cat "$@" | while read -r path package; do
    case $path in /*) [ -e "$path" ] || echo "$package" ;; esac
  done | sort -u | paste -s -d ' ' -
}

# Debian starts a service as soon as it is installed, sshd too. Nobody asked for one on this host.
forbid_service_starts() {
  [ -e /usr/sbin/policy-rc.d ] && return
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
}

allow_service_starts() {
  trap - EXIT INT TERM HUP
  [ "${policy_is_ours:-}" = 1 ] && rm -f /usr/sbin/policy-rc.d
  return 0
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update >&2 || say 'apt-get update did not end well; going on with the package lists that are there'
  apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "$@" >&2
}

install_host_packages() {
  packages=$(missing_packages "$@")
  [ -n "$packages" ] || return 0
  command="apt-get install --no-install-recommends $packages"
  command -v apt-get >/dev/null 2>&1 ||
    give_up 'this host has no apt-get; bde is made for Debian 12.' "Install what these Debian packages bring: $packages"
  if [ "$(id -u)" != 0 ] || [ "${BDE_NO_INSTALL:-}" = 1 ]; then
    say "packages are missing on this host, and I may not install them. As root: $command"
    return 0
  fi
  say "installing packages on this host: $packages"
  [ -e /usr/sbin/policy-rc.d ] || policy_is_ours=1
  forbid_service_starts
  # shellcheck disable=SC2086 # one word per package
  apt_install $packages || give_up 'the packages could not be installed.' "Install them by hand: $command"
  # The tests start their own sshd; the one of the host stays off at the next boot as well.
  case " $packages" in *' openssh-server '*) systemctl --quiet disable ssh.service >/dev/null 2>&1 || true ;; esac
  allow_service_starts
}

# Native modules are compiled where no prebuilt one can be fetched, with the headers that lie beside Node.
find_node_headers() {
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [ -e "$prefix/include/node/node_api.h" ]; then
    export npm_config_nodedir="$prefix"
  else
    headers_missing=1
  fi
}

explain_npm_failure() {
  compilers=$(for tool in make g++ python3; do command -v "$tool" >/dev/null 2>&1 || echo "$tool"; done | paste -s -d ' ' -)
  [ -z "$compilers" ] || say "native modules need $compilers: apt-get install build-essential python3"
  [ -z "${headers_missing:-}" ] || say "native modules need Node's headers, and $prefix/include/node has none." \
    "For Debian's nodejs: apt-get install libnode-dev. Other packages and the tarball of nodejs.org have them inside."
  give_up 'npm ci failed; its own words are above.'
}

install_dependencies() {
  node scripts/dependencies.mjs stamp >/dev/null 2>&1 && return
  say 'installing npm packages into node_modules (npm ci; native modules may take a minute or two to compile)'
  command -v npm >/dev/null 2>&1 || give_up 'npm is not on the PATH; it comes with Node, or as the package npm.'
  find_node_headers
  npm ci --loglevel=error >&2 || explain_npm_failure
  node scripts/dependencies.mjs stamp >&2 || give_up 'npm ci ended well, but native modules do not load.'
}

build() {
  node -e 'process.exit(require("./scripts/freshness.cjs").isBuildFresh(".") ? 0 : 1)' && return
  say 'building dist/'
  node scripts/build.mjs >&2 || give_up 'the build failed; its own words are above.'
}

# The lock is on the folder itself: it is there from the start, nobody replaces it, and the kernel drops it with us.
exec 9<"$root"
if ! flock -n 9; then
  say 'another bde prepares this checkout; waiting for it'
  flock 9
fi

case ${1:-} in
  test) install_host_packages scripts/host-packages.txt scripts/test-packages.txt ;;
  *) install_host_packages scripts/host-packages.txt ;;
esac
install_dependencies
build
