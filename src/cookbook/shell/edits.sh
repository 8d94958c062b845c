# shellcheck shell=sh disable=SC2034,SC2154
# Files of which only a part is ours: the other lines stay, and so do mode and owner where none is given.
#
# The part is the lines whose numbers are in ed_hits. Wanted is what the function ed_text prints in place of the first of
# them, without the others; where there are none, before line ed_place, or at the end.

# bde_edit_look PATH MODE OWNER GROUP: ed_path (what a link leads to), ed_old (the same, or /dev/null where it is absent),
# and in bde_why how mode and owner differ.
bde_edit_look() {
  ed_path=$1 ed_old=/dev/null ed_hits='' ed_place=0
  bde_diff_content=
  bde_same_content=1
  bde_why=
  bde_stat "$1"
  [ "$st_type" != 'link' ] || bde_edit_follow || return 2
  case $st_type in
    absent) ed_mode=${2:-644} ed_owner=${3:-0} ed_group=${4:-0} ;;
    file)
      ed_old=$ed_path ed_mode=${2:-$st_mode} ed_owner=${3:-$st_uid} ed_group=${4:-$st_gid}
      bde_owner_compare "$ed_mode" "$ed_owner" "$ed_group"
      ;;
    *) bde_detail="$ed_path is no regular file"; return 2 ;;
  esac
}

bde_edit_follow() {
  ed_path=$(readlink -f -- "$ed_path") || { bde_detail="$st_path is a link that leads nowhere"; return 2; }
  bde_touch "$ed_path"
  bde_stat "$ed_path"
}

# bde_edit_find PARAMETER PATTERN: ed_found, `NUMBER:LINE` for each line that matches.
bde_edit_find() {
  ed_found=$(grep -nE -e "$2" -- "$ed_old" 2>"$bde_err")
  [ "$?" -gt 1 ] || return 0
  bde_blame grep
  bde_detail="$1 is \"$2\", which is no pattern: $bde_detail"
  return 2
}

# bde_edit_put BEFORE AFTER: the place of a part that is not there yet, by one of two patterns or none.
bde_edit_put() {
  [ -n "$1$2" ] || return 0
  bde_edit_find "${1:+before}${2:+after}" "$1$2" || return 2
  if [ -z "$ed_found" ]; then
    bde_lack "no line of $ed_path matches \"$1$2\""
    return
  fi
  [ -z "$2" ] || ed_found=${ed_found##*"$nl"}
  ed_place=${ed_found%%:*}
  [ -z "$2" ] || ed_place=$((ed_place + 1))
}

bde_edit_has_hits() { case $ed_hits in *[0-9]*) return 0 ;; esac; return 1; }

# bde_edit_differs WHAT SECRET: the end of a probe whose part is not as wanted.
bde_edit_differs() {
  # shellcheck disable=SC2094
  if ! tr -d '\000' <"$ed_old" | cmp -s - "$ed_old"; then
    bde_detail="$ed_path is no text: it holds NUL bytes"
    return 2
  fi
  bde_why="$1${bde_why:+, $bde_why}"
  bde_same_content=
  bde_diff_path=$ed_path bde_diff_content=bde_edit_content bde_diff_secret=$2
  return 1
}

bde_edit_content() {
  # shellcheck disable=SC2086
  { echo $ed_hits; "$ed_text"; } | awk -v place="$ed_place" '
    function put() { if (!done) printf "%s", text; done = 1 }
    part == 1 && FNR == 1 { for (i = 1; i <= NF; i++) hits[$i]; next }
    part == 1 { text = text $0 "\n"; next }
    FNR in hits { put(); next }
    FNR == place { put() }
    { print }
    END { put() }' part=1 - part=2 "$ed_old"
}

bde_edit_act() { bde_file_act "$ed_path" "$ed_mode" "$ed_owner" "$ed_group" computed bde_edit_content ''; }
