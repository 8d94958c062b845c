# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: folder, sums of authorities and certificate (nothing where there is none yet), those of bde_file_probe for ca.crt,
# node.key and node.crt, name of the file that says which ones the role saw last (where it notifies).
node_certificate_probe() {
  nc_folder=$1 nc_sums=$2
  if [ -z "$nc_sums" ]; then
    bde_detail='no certificate was made for this node yet'
    [ "$BDE_MODE" = check ] || return 2
    return 3
  fi
  shift 2
  bde_files_probe "$@"
  nc_status=$?
  # A difference of keys is nobody's to read, and one of certificates tells nothing.
  bde_diff_content=
  [ "$nc_status" -lt 2 ] || return 2
  shift 21
  node_certificate_was_seen "$1"
  [ -z "$bde_why" ]
}

node_certificate_was_seen() {
  [ -n "$1" ] || return 0
  nc_file=$BDE_DIR/seen/$BDE_KEY/$1
  nc_seen=
  [ ! -f "$nc_file" ] || read -r nc_seen <"$nc_file"
  [ "$nc_seen" = "$nc_sums" ] || bde_why="${bde_why:-another one than this role saw last}"
}

node_certificate_act() {
  shift 2
  (umask 022; exec mkdir -p -- "$nc_folder") 2>"$bde_err" || { bde_blame "making $nc_folder"; return 1; }
  bde_files_act "$@" || return 1
  shift 21
  [ -n "$1" ] || return 0
  { mkdir -p -- "${nc_file%/*}" && printf '%s\n' "$nc_sums" >"$nc_file.new" && mv -f -- "$nc_file.new" "$nc_file"; } 2>"$bde_err" && return 0
  bde_blame "writing $nc_file"
  return 1
}
