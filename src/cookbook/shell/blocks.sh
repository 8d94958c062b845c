# shellcheck shell=sh disable=SC2034,SC2154
# A block between two marker lines, in a file whose other lines are not ours.
#
# bde_block_probe PATH MODE OWNER GROUP SECRET STATE BEFORE AFTER FIRST LAST BLOCK. STATE is present or absent, BEFORE and
# AFTER are patterns, FIRST and LAST the marker lines, BLOCK a function that prints the block with its markers.
bde_block_probe() {
  bde_edit_look "$1" "$2" "$3" "$4" || return 2
  bl_state=$6 bl_first=$9 bl_last=${10} ed_text=${11}
  [ "$bl_state" = present ] || ed_text=:
  if bde_block_is_right; then
    [ -z "$bde_why" ]
    return
  fi
  ed_hits=$(bde_block_lines)
  if [ "$bl_state" = present ] && ! bde_edit_has_hits; then bde_edit_put "$7" "$8" || return; fi
  bde_edit_differs block "$5"
}

bde_block_is_right() {
  bl_have=$nl$(cat -- "$ed_old")$nl
  case $bl_state,$bl_have in
    present,*"$nl$bl_first$nl"*"$nl$bl_first$nl"*) return 1 ;;
    present,*"$nl$("$ed_text")$nl"*) return 0 ;;
    absent,*"$nl$bl_first$nl"*) return 1 ;;
    absent,*) return 0 ;;
  esac
  return 1
}

# Numbers of the block's lines. A first line without its last is no block: that line alone is ours then, and nothing is
# lost.
bde_block_lines() {
  bl_first=$bl_first bl_last=$bl_last awk '
    BEGIN { first = ENVIRON["bl_first"]; last = ENVIRON["bl_last"] }
    $0 == first { if (start) print start; start = FNR; next }
    start && $0 == last { for (i = start; i <= FNR; i++) print i; start = 0 }
    END { if (start) print start }' "$ed_old"
}
