# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: user, state, exclusive (or nothing), then for each key its base64 text, a blank, and its line.
# The folder is the user's own to play with, so root only looks into it; what is written there is written as the user.
authorized_key_probe() {
  ak_user=$1 ak_state=$2 ak_exclusive=$3
  shift 3
  ak_lines=$(printf '%s\n' "$@")
  bde_diff_content=
  if ! authorized_key_find; then
    [ "$ak_state" = present ] || return 0
    bde_lack "$ak_lack"
    return
  fi
  bde_why=
  authorized_key_look "$ak_folder" directory 700 || return 2
  authorized_key_look "$ak_file" file 600 || return 2
  ak_old=$ak_file
  [ "$st_type" = 'file' ] || ak_old=/dev/null
  if authorized_key_content | cmp -s - "$ak_old"; then
    # Modes are only of interest where a key is to work.
    [ "$ak_state" = present ] || return 0
    [ -z "$bde_why" ]
    return
  fi
  bde_why=${bde_why:-keys}
  bde_diff_path=$ak_file bde_diff_content=authorized_key_content bde_diff_secret=
  return 1
}

authorized_key_find() {
  ak_lack="there is no user $ak_user"
  bde_user "$ak_user" || return 1
  ak_folder=$pw_home/.ssh ak_file=$pw_home/.ssh/authorized_keys
  ak_lack="$pw_home, the home of $ak_user, is absent"
  [ -d "$pw_home" ]
}

# sshd passes over keys that others could have written. A link would lead what root reads to somewhere else.
authorized_key_look() {
  bde_touch "$1"
  bde_stat "$1"
  case $st_type in
    absent) bde_why="${bde_why:+$bde_why, }$1 is absent" ;;
    "$2") bde_owner_compare "$3" "$ak_user" "$st_gid" ;;
    *) bde_detail="$1 is no $2"; return 2 ;;
  esac
}

# The file with one line for each key, in place of the first line that has it, or at the end. Exclusive: nothing else.
authorized_key_content() {
  printf '%s\n' "$ak_lines" | awk -v state="$ak_state" -v exclusive="$ak_exclusive" '
    function put(n) { if (state == "present" && !done[n]++) print line[n] }
    part == 1 { key[++count] = $1; line[count] = substr($0, length($1) + 2); next }
    !/^[ \t]*#/ {
      text = " " $0 " "
      gsub(/\t/, " ", text)
      for (n = 1; n <= count; n++) if (index(text, " " key[n] " ")) { put(n); next }
    }
    !exclusive { print }
    END { for (n = 1; n <= count; n++) put(n) }' part=1 - part=2 "$ak_old"
}

authorized_key_act() {
  # shellcheck disable=SC2016
  ak_write='umask 077
    mkdir -p -- "$1" && chmod 700 -- "$1" && rm -f -- "$1/.bde-new" && cat >"$1/.bde-new" &&
      mv -fT -- "$1/.bde-new" "$1/authorized_keys"'
  {
    authorized_key_content >"$BDE_TMP/keys" && authorized_key_take &&
      bde_alone runuser -u "$ak_user" -- sh -c "$ak_write" sh "$ak_folder" <"$BDE_TMP/keys"
  } >"$bde_err" 2>&1 && return 0
  bde_blame "writing $ak_file"
  return 1
}

# A folder that is another's cannot be written as the user.
authorized_key_take() { [ ! -d "$ak_folder" ] || chown -h -- "$pw_uid:$pw_gid" "$ak_folder"; }
