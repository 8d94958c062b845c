# shellcheck shell=sh disable=SC2034,SC2154
# What is to be absent. ARGS: path, what may be taken away (file, link or directory), force (or nothing).
absent_probe() {
  bde_stat "$1"
  case $2,$st_type in
    *,absent) return 0 ;;
    file,file | file,link | link,link) bde_why='is there'; return 1 ;;
    directory,directory) ;;
    *) bde_detail="$1 is no $2"; return 2 ;;
  esac
  absent_probe_folder "$@"
}

# What is mounted below would be emptied with it.
absent_probe_folder() {
  ab_mount=$(bde_mount_below "$1")
  if [ -n "$ab_mount" ]; then
    bde_detail="something is mounted at $ab_mount"
    return 2
  fi
  if [ -z "$3" ] && [ -n "$(ls -A -- "$1")" ]; then
    bde_detail="$1 is not empty; \`force: true\` would take away what is in it, too"
    return 2
  fi
  bde_why='is there'
  return 1
}

absent_act() {
  bde_void_files
  bde_void_units
  case $2,$3 in
    directory,) rmdir -- "$1" ;;
    directory,*) rm -rf --one-file-system -- "$1" ;;
    *) rm -f -- "$1" ;;
  esac 2>"$bde_err" && return 0
  bde_blame rm
  return 1
}
