# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: name with _ for -, loaded or blacklisted, where_possible (or nothing), then for the file that loads it at each boot
# and for the one that has its options: path, sha256 (nothing where it is to be absent), function that prints it.
kernel_module_probe() {
  kernel_module_file "$4" "$5" "$6"
  km_load=$? km_load_why=$bde_why
  kernel_module_file "$7" "$8" "$9"
  km_options=$?
  if [ "$km_load" -gt 1 ] || [ "$km_options" -gt 1 ]; then return 2; fi
  bde_why="$km_load_why${km_load_why:+${bde_why:+, }}$bde_why"
  kernel_module_state "$1"
  kernel_module_is_right "$@" || return
  [ -z "$bde_why" ]
}

kernel_module_file() {
  bde_why=
  if [ -n "$2" ]; then
    bde_file_probe "$1" 644 root root "$2" "$3" ''
    return
  fi
  bde_diff_content=
  bde_stat "$1"
  [ "$st_type" != absent ] || return 0
  bde_why="$1 is there"
  return 1
}

# km_state: loaded, built-in or absent. A part of the kernel itself is not always to be seen in /sys.
kernel_module_state() {
  if [ -e "/sys/module/$1/initstate" ]; then
    km_state=loaded
  elif [ -d "/sys/module/$1" ] || kernel_module_is_built_in "$1"; then
    km_state=built-in
  else
    km_state=absent
  fi
}

kernel_module_is_built_in() {
  km_pattern=$(printf %s "$1" | sed 's/_/[-_]/g')
  grep -qs "/${km_pattern}[.]ko" "/lib/modules/$(uname -r)/modules.builtin"
}

# 0: the kernel has it so, or bde_why says that it has not; 2: it never will.
kernel_module_is_right() {
  case $2,$km_state in loaded,loaded | loaded,built-in | blacklisted,absent) return 0 ;; esac
  if [ -n "$3" ] && ! kernel_module_may "$1" "$2"; then
    bde_detail="$1 is $km_state, and cannot be $2 here"
    return 0
  fi
  if [ "$km_state" = built-in ]; then
    bde_detail="$1 is part of this kernel and cannot be left out"
    return 2
  fi
  bde_why="${bde_why:+$bde_why, }$km_state instead of $2"
}

# Whether this kernel, from in here, can load the module, or take it out. Bit 16 is CAP_SYS_MODULE, which containers lack.
kernel_module_may() {
  km_caps=$(awk '/^CapEff:/ { print $2 }' /proc/self/status)
  [ $((0x${km_caps:-0} >> 16 & 1)) = 1 ] && command -v modprobe >/dev/null || return 1
  case $2,$km_state in
    loaded,*) modprobe -n -q -- "$1" 2>/dev/null ;;
    *,loaded) [ "$(cat "/sys/module/$1/refcnt" 2>/dev/null)" = 0 ] ;;
    *) return 1 ;;
  esac
}

# Options first, for they are read when the module is loaded.
kernel_module_act() {
  bde_detail=
  kernel_module_put "$km_options" "$7" "$8" "$9" || return 1
  kernel_module_put "$km_load" "$4" "$5" "$6" || return 1
  case $2,$km_state in
    loaded,absent) kernel_module_call "$@" -- ;;
    blacklisted,loaded) kernel_module_call "$@" -r -- ;;
  esac
}

kernel_module_put() {
  [ "$1" != 0 ] || return 0
  bde_touch "$2"
  if [ -n "$3" ]; then
    # Where kmod is not installed there is no such folder.
    (umask 022 && mkdir -p -- "${2%/*}") 2>"$bde_err" || { bde_blame mkdir; return 1; }
    bde_same_content=
    bde_file_act "$2" 644 root root "$3" "$4" ''
  else
    rm -f -- "$2" 2>"$bde_err" || { bde_blame rm; return 1; }
  fi
}

kernel_module_call() {
  if [ -n "$3" ] && ! kernel_module_may "$1" "$2"; then return 0; fi
  km_name=$1
  shift 9
  modprobe "$@" "$km_name" >"$bde_err" 2>&1 && return 0
  bde_blame modprobe
  return 1
}
