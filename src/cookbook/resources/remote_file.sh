# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: path, mode, owner, group, sha256, URL, CA.
remote_file_probe() { bde_file_probe "$1" "$2" "$3" "$4" "$5" '' ''; }

remote_file_act() {
  if [ -n "$bde_same_content" ]; then
    bde_file_act "$@"
    return
  fi
  bde_touch "$1"
  bde_units=
  rf_new=${1%/*}/.bde-new-${1##*/}
  if {
    bde_fetch "$6" "$7" "$5" "$rf_new" && chown -h -- "$3:$4" "$rf_new" && chmod -- "$2" "$rf_new" && mv -fT -- "$rf_new" "$1"
  } 2>"$bde_err"; then
    return 0
  fi
  bde_blame "pulling $6"
  rm -f -- "$rf_new"
  return 1
}
