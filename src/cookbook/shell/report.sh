# shellcheck shell=sh disable=SC2034,SC2154
# What is told of resources: differences, and one line of JSON for each.

# The difference of a file's content, for the report; the probe says of which file.
bde_make_diff() {
  [ -n "$bde_diff_content" ] || return 0
  case $bde_diff_secret in
    '') ;;
    large) bde_diff='(the content is large and is not shown)'; return 0 ;;
    *) bde_diff='(the content holds secrets and is not shown)'; return 0 ;;
  esac
  bde_old=$bde_diff_path
  if [ ! -f "$bde_old" ]; then
    [ "$BDE_MODE" = check ] || return 0
    bde_old=/dev/null
  fi
  bde_diff=$("$bde_diff_content" | diff -u -L "$bde_diff_path" -L "$bde_diff_path (wanted)" -- "$bde_old" - 2>/dev/null | head -c 8000)
  [ "${#bde_diff}" -lt 7999 ] || bde_diff=$bde_diff$nl'(cut)'
}

# What has been looked at in one go is looked at again; libraries that do so have their own.
bde_void_accounts() { :; }
bde_void_files() { :; }
bde_void_packages() { :; }
bde_void_units() { :; }

# Result lines.
bde_open() {
  bde_id=$1
  bde_detail=
  bde_diff=
  bde_why=
  bde_proved=
  bde_acted=
  bde_tries=1
  bde_diff_content=
  bde_now
  bde_begin=$bde_now
}

bde_close() {
  bde_now
  bde_json "$bde_id"
  bde_line="{\"resource\":$bde_json,\"outcome\":\"$1\",\"ms\":$(((bde_now - bde_begin) * 10))"
  [ "$bde_tries" -le 1 ] || bde_line=$bde_line,\"tries\":$bde_tries
  if [ -n "$bde_detail" ]; then
    bde_json "$bde_detail"
    bde_line=$bde_line,\"detail\":$bde_json
  fi
  if [ -n "$bde_diff" ]; then
    bde_json "$bde_diff"
    bde_line=$bde_line,\"diff\":$bde_json
  fi
  printf '%s}\n' "$bde_line"
  bde_forget
}

bde_forget() {
  bde_creates=
  bde_only_if=
  bde_not_if=
  bde_raises=
  bde_within=
  bde_retries=0
  bde_delay=0
  bde_limit=
}

# Hundredths of a second since boot, read without a fork.
bde_now() {
  bde_now=0
  read -r bde_now _ 2>/dev/null </proc/uptime
  bde_now=${bde_now%.*}${bde_now#*.}
  # A leading zero would make it octal.
  while case $bde_now in 0?*) true ;; *) false ;; esac; do bde_now=${bde_now#0}; done
}

# A JSON string; forks only where something is to be escaped.
bde_json() {
  case $1 in
    *[\"\\]* | *[[:cntrl:]]*) bde_json=\"$(bde_escape "$1")\" ;;
    *) bde_json=\"$1\" ;;
  esac
}

bde_escape() {
  printf '%s\n' "$1" | awk '
    BEGIN { for (i = 1; i < 32; i++) code[sprintf("%c", i)] = sprintf("\\u%04x", i)
            code["\""] = "\\\""; code["\\"] = "\\\\"; code["\t"] = "\\t"; code[sprintf("%c", 127)] = "\\u007f" }
    NR > 1 { printf "\\n" }
    { n = length($0)
      for (i = 1; i <= n; i++) { c = substr($0, i, 1); printf "%s", (c in code) ? code[c] : c } }'
}
