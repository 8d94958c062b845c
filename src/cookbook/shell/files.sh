# shellcheck shell=sh disable=SC2034,SC2154
# Files, looked at in batches: one stat and one sha256sum over all paths of the list, taken when the first is asked for,
# taken anew where something changed that may concern any of them. bde_list_paths and bde_list_sums are made by compiling.
#
# Resources come in the order of the list, so what is looked for is nearly always the next line: it is taken from the
# front. (Searching a long text by ${x#*y} costs dash the square of its length.)
bde_stats=
bde_sums=
bde_stats_rest=
bde_sums_rest=
# Paths that this run changed itself, one a line: these are looked at alone.
bde_touched=$nl
bde_stat_format="%n$tab%F$tab%a$tab%U$tab%G$tab%u$tab%g$tab%N"

bde_void_files() {
  bde_stats=
  bde_sums=
  bde_touched=$nl
}

bde_touch() {
  case $bde_touched in *"$nl$1$nl"*) ;; *) bde_touched=$bde_touched$1$nl ;; esac
}

bde_is_touched() {
  case $bde_touched in *"$nl$1$nl"*) return 0 ;; esac
  return 1
}

# st_type (absent, file, directory, link, other), st_mode, st_user, st_group, st_uid, st_gid, st_target of a path.
bde_stat() {
  if bde_is_touched "$1"; then
    bde_line=$(QUOTING_STYLE=literal stat -c "$bde_stat_format" -- "$1" 2>/dev/null)
    bde_line=${bde_line#"$1$tab"}
  else
    [ -n "$bde_stats" ] || bde_read_stats
    bde_find_stat "$1"
  fi
  bde_read_stat "$1"
}

bde_read_stats() {
  bde_stats=$nl$(export QUOTING_STYLE=literal; bde_list_paths stat -c "$bde_stat_format" -- 2>/dev/null)$nl
  bde_stats_rest=${bde_stats#"$nl"}
}

bde_find_stat() {
  case $bde_stats_rest in
    "$1$tab"*)
      bde_line=${bde_stats_rest%%"$nl"*}
      bde_line=${bde_line#"$1$tab"}
      bde_stats_rest=${bde_stats_rest#*"$nl"}
      return 0
      ;;
  esac
  case $bde_stats in
    *"$nl$1$tab"*) bde_line=${bde_stats#*"$nl$1$tab"} bde_line=${bde_line%%"$nl"*} ;;
    *) bde_line= ;;
  esac
}

bde_read_stat() {
  st_path=$1
  bde_ifs=$IFS
  IFS=$tab
  # shellcheck disable=SC2086
  set -- $bde_line
  IFS=$bde_ifs
  st_mode=$2 st_user=$3 st_group=$4 st_uid=$5 st_gid=$6
  case $1 in
    '') st_type=absent ;;
    'regular '*) st_type='file' ;;
    directory) st_type=directory ;;
    'symbolic link') st_type='link' st_target=${bde_line#*"$tab$st_path -> "} ;;
    *) st_type=other ;;
  esac
}

# bde_sum: the sha256 of a file's content, empty where it is none.
bde_sum() {
  if bde_is_touched "$1"; then
    bde_sum=$(sha256sum -- "$1" 2>/dev/null)
    bde_sum=${bde_sum%% *}
    return 0
  fi
  [ -n "$bde_sums" ] || bde_read_sums
  bde_find_sum "$1"
  # Another path may end like this one behind two blanks.
  case $bde_sum in *[!0-9a-f]*) bde_touch "$1" && bde_sum "$1" ;; esac
}

bde_read_sums() {
  bde_sums=$nl$(bde_list_sums sha256sum -- 2>/dev/null)$nl
  bde_sums_rest=${bde_sums#"$nl"}
}

bde_find_sum() {
  bde_line=${bde_sums_rest%%"$nl"*}
  case $bde_line in
    *"  $1")
      bde_sum=${bde_line%"  $1"}
      bde_sums_rest=${bde_sums_rest#*"$nl"}
      return 0
      ;;
  esac
  case $bde_sums in
    *"  $1$nl"*) bde_sum=${bde_sums%%"  $1$nl"*} bde_sum=${bde_sum##*"$nl"} ;;
    *) bde_sum= ;;
  esac
}

# bde_file_probe PATH MODE OWNER GROUP SUM CONTENT SECRET. CONTENT is a function that prints the content; SUM its sha256,
# `computed` where only the node can know it, `seed` where only the file's being there counts.
bde_file_probe() {
  bde_stat "$1"
  bde_diff_content=
  bde_same_content=
  case $st_type,$5 in
    directory,*) bde_detail="$1 is a directory"; return 2 ;;
    absent,*) bde_why=absent ;;
    *,seed) return 0 ;;
    file,*) bde_file_compare "$@" || return 1; return 0 ;;
    *) bde_why="$1 is no regular file" ;;
  esac
  bde_diff_path=$1 bde_diff_content=$6 bde_diff_secret=$7
  return 1
}

bde_file_compare() {
  bde_why=
  bde_want=$5
  [ "$5" != computed ] || bde_want=$("$6" | sha256sum) bde_want=${bde_want%% *}
  bde_sum "$1"
  if [ "$bde_sum" = "$bde_want" ]; then
    bde_same_content=1
  else
    bde_why=content
    bde_diff_path=$1 bde_diff_content=$6 bde_diff_secret=$7
  fi
  bde_owner_compare "$2" "$3" "$4"
  [ -z "$bde_why" ]
}

# Adds to bde_why where the mode or the owner of what bde_stat saw differ.
bde_owner_compare() {
  [ "$st_mode" = "$1" ] || bde_why="${bde_why:+$bde_why, }mode $st_mode instead of $1"
  case $2 in "$st_user" | "$st_uid") ;; *) bde_why="${bde_why:+$bde_why, }owner $st_user instead of $2" ;; esac
  case $3 in "$st_group" | "$st_gid") ;; *) bde_why="${bde_why:+$bde_why, }group $st_group instead of $3" ;; esac
}

# The final mode and owner are there before the content, and the content is there whole before the name is.
bde_file_act() {
  bde_touch "$1"
  bde_units=
  if [ -n "$bde_same_content" ]; then
    { chown -h -- "$3:$4" "$1" && chmod -- "$2" "$1"; } 2>"$bde_err" || { bde_blame chmod; return 1; }
    return 0
  fi
  bde_new=${1%/*}/.bde-new-${1##*/}
  if {
    install -m "$2" -o "$3" -g "$4" -T -- /dev/null "$bde_new" && "$6" >"$bde_new" && mv -fT -- "$bde_new" "$1"
  } 2>"$bde_err"; then
    return 0
  fi
  bde_blame "writing $1"
  rm -f -- "$bde_new"
  return 1
}

# bde_files_probe ARGS…: several files, the seven arguments of bde_file_probe for each; what is left over is not looked at.
# The difference that is shown is that of the last one that differs.
bde_files_probe() {
  bde_files_why=
  bde_files_path=
  bde_files_content=
  while [ "$#" -ge 7 ]; do
    bde_why=
    bde_file_probe "$1" "$2" "$3" "$4" "$5" "$6" "$7"
    case $? in
      0) ;;
      1)
        bde_files_why="${bde_files_why:+$bde_files_why, }${1##*/}: $bde_why"
        [ -z "$bde_diff_content" ] || bde_files_path=$1 bde_files_content=$bde_diff_content
        ;;
      *) return 2 ;;
    esac
    shift 7
  done
  bde_why=$bde_files_why bde_diff_path=$bde_files_path bde_diff_content=$bde_files_content bde_diff_secret=
  [ -z "$bde_why" ]
}

bde_files_act() {
  while [ "$#" -ge 7 ]; do
    bde_file_probe "$1" "$2" "$3" "$4" "$5" "$6" "$7" || bde_file_act "$1" "$2" "$3" "$4" "$5" "$6" "$7" || return 1
    shift 7
  done
}
