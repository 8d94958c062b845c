# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: name, wanted epoch:version-release.arch (or nothing), name of the file that says which one the
# role saw last (or nothing).
# Packages are laid by the node's one package step; here they are only looked at. Where the package notifies, another
# version than the one that this role saw last is a change.
package_probe() {
  bde_package "$1" "$2"
  package_is_there "$1" || return
  if [ -n "$2" ] && [ "$bde_evra" != "$2" ]; then
    bde_detail="$1 is $bde_evra instead of $2"
    package_is_missing
    return
  fi
  package_was_seen "$3"
}

# ARGS: name, version (or nothing), name of the file as above.
package_of_node_probe() {
  bde_package "$1" "$2"
  package_is_there "$1" || return
  if ! bde_is_version "$bde_evra" "$2"; then
    bde_detail="$1 is $bde_evra instead of $2"
    package_is_missing
    return
  fi
  package_was_seen "$3"
}

package_gone_probe() {
  bde_package "$1" ''
  [ -n "$bde_evra" ] || return 0
  bde_detail="$1 $bde_evra is installed"
  package_is_missing
}

package_is_there() {
  [ -z "$bde_evra" ] || return 0
  bde_detail="$1 is not installed"
  package_is_missing
}

package_is_missing() {
  [ "$BDE_MODE" = check ] || return 2
  bde_detail="depends on the packages step: $bde_detail"
  return 3
}

package_was_seen() {
  [ -n "$1" ] || return 0
  pk_file=$BDE_DIR/seen/$BDE_KEY/$1
  pk_seen=
  [ ! -f "$pk_file" ] || read -r pk_seen <"$pk_file"
  [ "$pk_seen" != "$bde_evra" ] || return 0
  bde_why="${pk_seen:-nothing} before, $bde_evra now"
  return 1
}

package_act() {
  { mkdir -p -- "${pk_file%/*}" && printf '%s\n' "$bde_evra" >"$pk_file.new" && mv -f -- "$pk_file.new" "$pk_file"; } 2>"$bde_err" && return 0
  bde_blame "writing $pk_file"
  return 1
}
package_of_node_act() { package_act; }
