# What bde does on a machine that it leases; run as root, one call a verb, each of which may be called again.
#
#     look                        what the machine has, and whose it is
#     take                        leases it; the mark is on stdin. Ends with 3 where it is leased already
#     name HOST_NAME              gives it the node's name
#     authorize USER TAG          adds the lines on stdin to the authorized keys of USER, each with TAG at its end
#     complete                    says that all of it was done
#     reopen                      takes that back
#     clean TAG                   removes what bde laid, but for the lease; USER... with the keys of each
#     release                     ends the lease
#
# The lease is a folder that appears whole, by rename: of two who take it at once one is refused.
# shellcheck shell=sh
set -eu
umask 022
lease=/etc/bde/lease

look() {
  printf 'cpus %s\n' "$(getconf _NPROCESSORS_ONLN 2>/dev/null || grep -c ^processor /proc/cpuinfo)"
  awk '/^MemTotal:/ { print "memory", int($2 / 1024) }' /proc/meminfo
  df -Pm /var | awk 'NR == 2 { print "disk", $4 }'
  if [ -f "$lease/mark.json" ]; then
    [ ! -f "$lease/complete" ] || echo complete
    printf 'lease %s\n' "$(cat "$lease/mark.json")"
  else
    # The connection itself made them; somebody else's machine is left as it was.
    rmdir /var/lib/bde/runs /var/lib/bde/applied /var/lib/bde 2>/dev/null || true
  fi
}

take() {
  new=/etc/bde/.lease.$$
  mkdir -p /etc/bde
  rm -rf "$new"
  (umask 077 && mkdir "$new" && cat >"$new/mark.json")
  uname -n >"$new/host-name"
  sync "$new/mark.json"
  mv -T "$new" "$lease" 2>/dev/null && return
  rm -rf "$new"
  exit 3
}

name() {
  printf '%s\n' "$1" >/etc/hostname
  if command -v hostname >/dev/null; then hostname "$1"; else printf '%s\n' "$1" >/proc/sys/kernel/hostname; fi
}

home_of() { getent passwd "$1" | cut -d: -f6; }

# Replaces the file whole: a line that is cut would lock people out.
replace_keys() { # USER FILE, the new lines on stdin
  cat >"$2.bde"
  chown "$1:$(id -g "$1")" "$2.bde"
  chmod 600 "$2.bde"
  mv -f "$2.bde" "$2"
}

authorize() {
  folder=$(home_of "$1")/.ssh
  keys=$folder/authorized_keys
  if [ ! -d "$folder" ]; then
    (umask 077 && mkdir -p "$folder")
    chown "$1:$(id -g "$1")" "$folder"
  fi
  {
    [ ! -f "$keys" ] || awk -v tag="$2" '$NF != tag' "$keys"
    awk -v tag="$2" 'NF { print $0, tag }'
  } | replace_keys "$1" "$keys"
}

deauthorize() {
  keys=$(home_of "$1")/.ssh/authorized_keys
  [ -f "$keys" ] || return 0
  awk -v tag="$2" '$NF != tag' "$keys" | replace_keys "$1" "$keys"
}

complete() {
  : >"$lease/complete"
  sync "$lease"
}

reopen() { rm -f "$lease/complete"; }

clean() {
  tag=$1
  shift
  for user in "$@"; do deauthorize "$user" "$tag"; done
  rm -f /etc/bde/ca.pem /etc/pki/rpm-gpg/RPM-GPG-KEY-bde* /etc/yum.repos.d/bde.repo
  if [ -f /usr/local/share/ca-certificates/bde.crt ]; then
    rm -f /usr/local/share/ca-certificates/bde.crt
    update-ca-certificates >/dev/null 2>&1
  fi
  if [ -f /etc/pki/ca-trust/source/anchors/bde.pem ]; then
    rm -f /etc/pki/ca-trust/source/anchors/bde.pem
    update-ca-trust
  fi
  sed -i '/^# bde .*: begin$/,/^# bde .*: end$/d' /etc/hosts
  if [ -s "$lease/host-name" ]; then name "$(cat "$lease/host-name")"; fi
  rm -rf /var/lib/bde
}

release() {
  rm -rf "$lease"
  rmdir /etc/bde 2>/dev/null || true
}

"$@"
