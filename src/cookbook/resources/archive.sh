# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: folder, sha256, tar or zip, leading components to strip, owner:group, archive on the node (or nothing), URL, CA.
#
# It is unpacked beside its folder, looked over, and only then given its place: what could leave the folder never gets there.
# The file .bde-archive in the folder, written last, says what is unpacked there.
archive_probe() {
  bde_stat "$1"
  case $st_type in
    absent) bde_why=absent; return 1 ;;
    directory) ;;
    *) bde_detail="$1 is no directory"; return 2 ;;
  esac
  ar_there=
  if [ -f "$1/.bde-archive" ]; then read -r ar_there <"$1/.bde-archive"; fi
  [ "$ar_there" != "$2 $4 $5" ] || return 0
  bde_why='not unpacked there'
  return 1
}

archive_act() {
  bde_void_files
  bde_touch "$1"
  bde_units=
  ar_stage=${1%/*}/.bde-new-${1##*/}
  ar_pulled=${1%/*}/.bde-archive-${1##*/}
  if archive_lay "$@" 2>"$bde_err"; then ar_status=0; else ar_status=1 && bde_blame "unpacking ${6:-$7}"; fi
  rm -rf -- "$ar_stage" "$ar_pulled"
  return "$ar_status"
}

archive_lay() {
  rm -rf -- "$ar_stage"
  (umask 022 && mkdir -p -- "${1%/*}/") && mkdir -m 700 -- "$ar_stage" || return
  ar_file=$6
  if [ -n "$ar_file" ]; then
    ar_said=$(sha256sum -- "$ar_file") || return
    ar_said=${ar_said%% *}
    [ "$ar_said" = "$2" ] || { echo "$ar_file has the sha256 $ar_said instead of $2" >&2; return 1; }
  else
    ar_file=$ar_pulled
    bde_fetch "$7" "$8" "$2" "$ar_file" || return
  fi
  "archive_list_$3" && archive_check_names && (umask 022 && "archive_unpack_$3" "$4") && archive_check_links || return
  chown -hR -- "$5" "$ar_stage" && archive_place "$1" "$2 $4 $5"
}

# Types (-dlh and whatever else) and names of all entries, a line each. Hard links that lead out are no matter: tar itself
# takes what is before and with .. from where they lead, and unzip knows none.
archive_list_tar() {
  # GNU tar so writes a line end as \n; other tars do not know the variable.
  TAR_OPTIONS=--quoting-style=escape tar -tf "$ar_file" >"$BDE_TMP/names" &&
    TAR_OPTIONS=--quoting-style=escape tar -tvf "$ar_file" >"$BDE_TMP/long" && cut -c1 <"$BDE_TMP/long" >"$BDE_TMP/types"
}
archive_list_zip() {
  unzip -Z1 "$ar_file" >"$BDE_TMP/names" && unzip -Zs "$ar_file" '*' >"$BDE_TMP/long" && cut -c1 <"$BDE_TMP/long" >"$BDE_TMP/types"
}

archive_check_names() {
  [ "$(wc -l <"$BDE_TMP/names")" = "$(wc -l <"$BDE_TMP/types")" ] || { echo 'its names cannot be told apart' >&2; return 1; }
  ar_bad=$(paste "$BDE_TMP/types" "$BDE_TMP/names" | awk '
    function refuse(why) { if (!bad) print why ": " name; bad = 1; exit }
    { type = substr($0, 1, 1); name = substr($0, 3) }
    type !~ /^[-dlh?]$/ { refuse("it holds what is no file, folder or link") }
    name ~ /\\n/ { refuse("it holds a name with a line end") }
    name ~ /^\// { refuse("it holds an absolute name") }
    name ~ /(^|\/)\.\.(\/|$)/ { refuse("it holds a name that leads out") }
    { plain = name; gsub(/\/\.?(\/|$)/, "/", plain); gsub(/\/+/, "/", plain); sub(/^(\.\/)+/, "", plain); sub(/\/$/, "", plain)
      names[NR] = plain; if (type == "l") links[plain] = 1; seen[plain] += 1 }
    END {
      for (i = 1; i <= NR && !bad; i++) {
        name = names[i]
        if ((name in links) && seen[name] > 1) refuse("it holds a link that another entry replaces")
        for (at = length(name); at > 1; at--)
          if (substr(name, at, 1) == "/" && (substr(name, 1, at - 1) in links)) refuse("it holds something behind a link")
      }
    }')
  [ -z "$ar_bad" ] || { echo "$ar_bad" >&2; return 1; }
}

archive_unpack_tar() {
  tar -xf "$ar_file" -C "$ar_stage" --strip-components="$1" --no-same-owner --no-same-permissions
}
archive_unpack_zip() {
  unzip -q -o "$ar_file" -d "$ar_stage" >&2 || return
  ar_left=$1
  while [ "$ar_left" -gt 0 ]; do
    ar_left=$((ar_left - 1))
    rm -rf -- "$ar_stage.up" && mkdir -m 700 -- "$ar_stage.up" &&
      find "$ar_stage" -mindepth 2 -maxdepth 2 -exec mv -- '{}' "$ar_stage.up/" ';' &&
      rm -rf -- "$ar_stage" && mv -T -- "$ar_stage.up" "$ar_stage" || return
  done
}

# Where a link leads is judged in the unpacked tree, for one link may lead through another.
archive_check_links() {
  ar_top=$(readlink -f -- "$ar_stage") || return
  find "$ar_stage" -type l >"$BDE_TMP/links" || return
  while IFS= read -r ar_link; do
    case $(readlink -- "$ar_link") in /*) ar_to=/ ;; *) ar_to=$(readlink -m -- "$ar_link") ;; esac
    case $ar_to/ in
      "$ar_top"/*) ;;
      *) echo "it holds a link that leads out: ${ar_link#"$ar_stage/"}" >&2; return 1 ;;
    esac
  done <"$BDE_TMP/links"
}

# A folder that is there keeps its mode, its owner and what else is in it.
archive_place() {
  if [ ! -d "$1" ]; then
    printf '%s\n' "$2" >"$ar_stage/.bde-archive" && chmod 644 "$ar_stage/.bde-archive" && chmod 755 -- "$ar_stage" && mv -T -- "$ar_stage" "$1"
    return
  fi
  chown --reference="$1" -- "$ar_stage" && chmod --reference="$1" -- "$ar_stage" &&
    rm -f -- "$1/.bde-archive" && cp -a --remove-destination -- "$ar_stage/." "$1/" &&
    printf '%s\n' "$2" >"$1/.bde-archive" && chmod 644 "$1/.bde-archive"
}
