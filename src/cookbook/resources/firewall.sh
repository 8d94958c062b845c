# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: table, unit that loads it at boot, port of ssh, networks (comma between) or nothing, the node's address, those of
# bde_file_probe for the rules and for the unit, name of the file that says what the kernel had once they were loaded.
firewall_probe() {
  fw_table=$1 fw_unit=$2
  command -v nft >/dev/null 2>&1 || { bde_detail='this node has no nft'; return 2; }
  firewall_spares_ssh "$3" && firewall_find_network "$4" "$5" || return 2
  shift 5
  fw_rules=$1 fw_content=$6
  bde_files_probe "$@"
  [ "$?" -lt 2 ] || return 2
  shift 14
  fw_file=$BDE_DIR/seen/$BDE_KEY/$1 fw_seen=
  [ ! -f "$fw_file" ] || read -r fw_seen <"$fw_file"
  firewall_state
  [ "$fw_state" = "$fw_seen" ] || bde_why="${bde_why:+$bde_why, }the kernel has other rules"
  bde_unit "$fw_unit"
  case $un_file in enabled) ;; *) bde_why="${bde_why:+$bde_why, }$fw_unit is ${un_file:-not known} instead of enabled" ;; esac
  [ -z "$bde_why" ]
}

# Rules that shut the port by which this very run came in would shut all that come after it, too.
firewall_spares_ssh() {
  fw_ssh=${SSH_CONNECTION##* }
  case $fw_ssh in '' | "$1") return 0 ;; esac
  bde_detail="this node is reached by ssh on port $fw_ssh, and the firewall would leave $1 open; set ssh_port: $fw_ssh"
  return 1
}

firewall_find_network() {
  fw_network=$1
  case $fw_network in
    '') fw_network=$(ip -o -4 address show 2>/dev/null | awk -v own="$2" '{ split($4, part, "/"); if (part[1] == own) { print $4; exit } }') ;;
    *) fw_network="{ $fw_network }" ;;
  esac
  case $fw_network in
    '' | */32)
      bde_detail="no network of this node holds its address $2${fw_network:+ and others}; say which one with network"
      return 1
      ;;
  esac
}

# First line of the rules.
firewall_network() { printf 'define network = %s\n' "$fw_network"; }

# fw_state: what is wanted, and what the kernel has. nft shows rules in another way than they were written.
firewall_state() {
  fw_state=none
  fw_listing=$(nft -s list table inet "$fw_table" 2>/dev/null) || return 0
  fw_state=$({ "$fw_content"; printf '%s\n' "$fw_listing"; } | sha256sum)
  fw_state=${fw_state%% *}
}

firewall_act() {
  shift 5
  mkdir -p -- "${fw_rules%/*}" "${fw_file%/*}" 2>"$bde_err" || { bde_blame mkdir; return 1; }
  bde_files_act "$@" || return 1
  nft -f "$fw_rules" 2>"$bde_err" || { bde_blame nft; return 1; }
  bde_void_units
  bde_systemctl enable -- "$fw_unit" || return 1
  firewall_state
  printf '%s\n' "$fw_state" 2>"$bde_err" >"$fw_file" && return 0
  bde_blame "writing $fw_file"
  return 1
}

# ARGS: table, file of the rules, unit, its file.
firewall_gone_probe() {
  bde_why=
  bde_unit "$3"
  for fw_path in "$2" "$4"; do
    bde_stat "$fw_path"
    [ "$st_type" = absent ] || bde_why="${bde_why:+$bde_why, }$fw_path is there"
  done
  [ "$un_reload" != yes ] || bde_why="${bde_why:+$bde_why, }systemd has not read that $3 is gone"
  ! firewall_is_loaded "$1" || bde_why="${bde_why:+$bde_why, }the table $1 is loaded"
  [ -z "$bde_why" ]
}

firewall_is_loaded() { nft list table inet "$1" >/dev/null 2>&1; }

firewall_gone_act() {
  [ ! -e "$4" ] || bde_end_unit "$3" "$4" || return 1
  bde_touch "$2"
  bde_touch "$4"
  rm -f -- "$2" "$4" 2>"$bde_err" || { bde_blame "removing $2"; return 1; }
  bde_reload_units || return 1
  firewall_is_loaded "$1" || return 0
  nft delete table inet "$1" 2>"$bde_err" && return 0
  bde_blame nft
  return 1
}
