# shellcheck shell=sh
# bde_fetch URL CA SUM FILE: pulls a file, which gets its name only once it is whole and has that sha256. An attempt that
# was cut goes on where it was, also in a later run: what came is kept beside the file, under the sum.
bde_fetch() {
  bde_part=${4%/*}/.bde-part-$3
  for bde_try in 1 2 3 4; do
    bde_fetch_rest "$1" "$2" "$3" && mv -fT -- "$bde_part" "$4" && return 0
    [ -n "$bde_again" ] || return 1
    [ "$bde_try" = 4 ] || sleep "$bde_try"
  done
  return 1
}

# What is cut may be gone on with; a sum that is wrong, or a disk that is full, leaves nothing.
bde_fetch_rest() {
  bde_again=
  [ -z "$(bde_part_sum "$3")" ] || return 0
  curl -fsS --noproxy '*' --proto =https --cacert "$2" --connect-timeout 10 --speed-limit 1 --speed-time 60 \
    -C - -o "$bde_part" -- "$1" 3>&- 7>&- 8>&- 9>&-
  case $? in
    23) rm -f -- "$bde_part" ;;
    0)
      [ -z "$(bde_part_sum "$3")" ] || return 0
      bde_said=$(sha256sum -- "$bde_part" 2>/dev/null)
      echo "$1 has the sha256 ${bde_said%% *} instead of $3" >&2
      rm -f -- "$bde_part"
      ;;
    6 | 7 | 18 | 28 | 35 | 52 | 55 | 56) bde_again=1 ;;
    *)
      # Also what is longer than the file, which no server goes on with.
      [ ! -f "$bde_part" ] || bde_again=1
      rm -f -- "$bde_part"
      ;;
  esac
  return 1
}

# Prints the sum where the part is whole.
bde_part_sum() {
  bde_said=$(sha256sum -- "$bde_part" 2>/dev/null)
  [ "${bde_said%% *}" != "$1" ] || echo "$1"
}
