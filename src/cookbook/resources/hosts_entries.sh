# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: file, first line of the block, last line, function that prints the block.
hosts_entries_probe() {
  he_file=$1 he_first=$2 he_last=$3 he_block=$4
  he_text=$nl
  if [ -f "$1" ]; then
    while IFS= read -r bde_line || [ -n "$bde_line" ]; do he_text=$he_text$bde_line$nl; done <"$1"
  fi
  he_wanted=$("$4")
  case $he_text in *"$nl$he_wanted$nl"*) return 0 ;; esac
  bde_why=entries
  bde_diff_path=$1 bde_diff_content=hosts_entries_content bde_diff_secret=
  return 1
}

# The file with the block in its place, or at the end. A block whose last line is gone is not one: nothing is cut then.
hosts_entries_content() {
  [ ! -f "$he_file" ] || awk -v first="$he_first" -v last="$he_last" '
    $0 == first { held = $0; inside = 1; next }
    inside && $0 == last { inside = 0; next }
    inside { held = held "\n" $0; next }
    { print }
    END { if (inside) { sub(/^[^\n]*\n?/, "", held); if (held != "") print held } }' "$he_file"
  "$he_block"
}

hosts_entries_act() {
  bde_same_content=
  bde_file_act "$1" 644 0 0 computed hosts_entries_content ''
}
