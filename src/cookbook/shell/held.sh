# shellcheck shell=sh disable=SC2154
# Contents that do not travel in the script. BDE_CONTENT is the folder of those that were sent or pulled, by sha256.

# bde_held SUM: prints a content that was asked for.
bde_held() {
  if [ ! -f "$BDE_CONTENT/$1" ]; then
    echo 'its content was as wanted when the run began, so it was not sent; run it again' >&2
    return 1
  fi
  cat -- "$BDE_CONTENT/$1"
}

# bde_pulled SUM URL CA: prints a content that lies on the mirror.
bde_pulled() {
  if [ ! -f "$BDE_CONTENT/$1" ]; then
    mkdir -p -- "$BDE_CONTENT" && bde_fetch "$2" "$3" "$1" "$BDE_CONTENT/$1" >&2 || return
  fi
  cat -- "$BDE_CONTENT/$1"
}

# While the run is attached to its controller, and has done nothing: where contents are lacking it ends here, and is begun
# anew with them. A detached run has all that it needs: it must not wait for a controller that may be gone.
bde_want() {
  bde_is_attached || return 0
  bde_lacking=
  bde_list_held
  # shellcheck disable=SC2086
  [ -z "$bde_lacking" ] || bde_ask $bde_lacking
}

# bde_need SUM PATH [seed]
bde_need() {
  [ ! -f "$BDE_CONTENT/$1" ] || return 0
  bde_stat "$2"
  case $st_type,$3 in
    absent,*) ;;
    *,seed) return 0 ;;
    file,*)
      bde_sum "$2"
      [ "$bde_sum" != "$1" ] || return 0
      ;;
  esac
  bde_lacking="$bde_lacking $1"
}
bde_list_held() { :; }
