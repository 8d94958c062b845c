# shellcheck shell=sh disable=SC2034,SC2154
# Packages that nobody but bde brings to another version. Which ones are held by us stands in $BDE_DIR/holds, so that what
# others hold stays, and a hold that is no longer asked for ends.
packages_hold_probe() {
  bde_why=
  hl_had=
  [ ! -f "$BDE_DIR/holds" ] || read -r hl_had <"$BDE_DIR/holds"
  [ -n "$hl_had$1" ] || return 0
  packages_find_conf || return 2
  if [ "$hl_had" != "$1" ]; then
    bde_why="held are ${hl_had:-none} instead of ${1:-none}"
  elif ! packages_are_held "$1"; then
    bde_why="no longer held is one of $1"
  fi
}

# hl_conf: the manager's settings; hl_key: how it calls what it leaves alone.
packages_find_conf() {
  case $bde_manager in
    apt-get) return 0 ;;
    dnf) hl_conf=/etc/dnf/dnf.conf hl_key=excludepkgs ;;
    tdnf) hl_conf=/etc/tdnf/tdnf.conf hl_key=excludepkgs ;;
    yum) hl_conf=/etc/yum.conf hl_key=exclude ;;
  esac
  [ -f "$hl_conf" ] || { bde_detail="$hl_conf is not there"; return 1; }
  ! packages_other_lines | grep -q '^exclude\(pkgs\)\{0,1\}[[:blank:]]*=' || {
    bde_detail="$hl_conf has a list of excludes already; add the held packages there, and take hold out of the recipe"
    return 1
  }
}

packages_other_lines() {
  awk '$0 == "# bde holds: begin" { inside = 1 } !inside { print } $0 == "# bde holds: end" { inside = 0 }' "$hl_conf"
}

packages_are_held() {
  case $bde_manager in
    apt-get) hl_all=,$(apt-mark showhold 2>/dev/null | tr '\n' ',') ;;
    *) hl_all=,$(sed -n "/^# bde holds: begin\$/,/^# bde holds: end\$/s/^$hl_key=//p" "$hl_conf" | tr ' ' ','), ;;
  esac
  bde_ifs=$IFS
  IFS=,
  for hl_name in $1; do
    case $hl_all in *",$hl_name,"*) ;; *) IFS=$bde_ifs; return 1 ;; esac
  done
  IFS=$bde_ifs
}

packages_hold_act() {
  packages_hold_probe "$1" || return 1
  [ -n "$bde_why" ] || return 0
  # A kill in between leaves both lists in the file, so that none of them is forgotten.
  packages_note_holds "${hl_had:+$hl_had,}$1" || return 1
  case $bde_manager in
    apt-get) packages_mark "$hl_had" "$1" ;;
    *) packages_exclude "$1" ;;
  esac && packages_note_holds "$1"
}

packages_note_holds() {
  { printf '%s\n' "$1" >"$BDE_DIR/holds.new" && mv -f -- "$BDE_DIR/holds.new" "$BDE_DIR/holds"; } 2>"$bde_err" && return 0
  bde_blame "writing $BDE_DIR/holds"
  return 1
}

# ARGS: what was held, what is to be held; comma between.
packages_mark() {
  hl_old=$(printf %s "$1" | tr ',' ' ')
  hl_new=$(printf %s "$2" | tr ',' ' ')
  # shellcheck disable=SC2086
  [ -z "$hl_old" ] || apt-mark unhold $hl_old >"$bde_err" 2>&1 || { bde_blame apt-mark; return 1; }
  # shellcheck disable=SC2086
  [ -z "$hl_new" ] || apt-mark hold $hl_new >"$bde_err" 2>&1 || { bde_blame apt-mark; return 1; }
}

packages_exclude() {
  hl_line=
  [ -z "$1" ] || hl_line=$hl_key=$(printf %s "$1" | tr ',' ' ')
  bde_same_content=
  bde_file_act "$hl_conf" 644 0 0 computed packages_conf ''
}

# The settings with our lines right below [main], where these managers look for them.
packages_conf() {
  packages_other_lines | awk -v line="$hl_line" '
    { print }
    /^\[main\]/ && line != "" { print "# bde holds: begin\n" line "\n# bde holds: end" }'
}
