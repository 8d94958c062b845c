# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: path, state, device, filesystem, options, bind (or nothing), line of /etc/fstab.
#
# The file is written last: as long as it differs, the mount may still lack what only a remount brings.
mount_probe() {
  bde_edit_look /etc/fstab '' '' '' || return 2
  bde_why=
  mn_path=$1 mn_state=$2 mn_source=$3 mn_type=$4 mn_options=$5 mn_bind=$6 mn_line=$7 ed_text=mount_line
  mount_read_table
  mount_read_kernel || return
  case $mn_state in
    absent) mount_wants gone; mount_wants_line '' || return ;;
    unmounted) mount_wants gone ;;
    present) mount_wants_line "$mn_line" || return ;;
    mounted) mount_wants right; mount_wants_line "$mn_line" || return ;;
  esac
  [ -z "$bde_why" ]
}

mount_line() { printf '%s\n' "$mn_line"; }

# mn_lines: `NUMBER:LINE` of what the table has for the path, blanks made single; mn_is_kept where that is the line.
mount_read_table() {
  mn_point=${mn_line#* }
  mn_lines=$(mn_point=${mn_point%% *} awk '$1 !~ /^#/ && $2 == ENVIRON["mn_point"] {
    print FNR ":" $1, $2, $3, $4, $5 + 0, $6 + 0 }' "$ed_old")
  mn_is_kept=
  [ "${mn_lines#*:}" != "$mn_line" ] || mn_is_kept=1
}

# mn_now: gone, right, options (a remount would do), or other.
mount_read_kernel() {
  mn_real=$(readlink -f -- "$mn_path") || mn_real=$mn_path
  mn_now=gone
  if ! bde_mounted "$mn_real"; then return 0; fi
  mn_now=right mn_lack=
  [ "$mn_state" = mounted ] || return 0
  mount_find_device || return
  if ! mount_is_type || ! mount_is_source; then
    mn_now=other
  elif mount_lacks_option; then
    mn_now=options
  elif [ -z "$mn_is_kept" ]; then
    mn_now=options mn_lack='what the table says'
  fi
}

mount_wants() {
  [ "$mn_now" != "$1" ] || return 0
  case $1,$mn_now in
    gone,*) bde_why=mounted ;;
    *,gone) bde_why='not mounted' ;;
    *,other) bde_why="$mt_source ($mt_type) is mounted there" ;;
    *,options) bde_why="mounted without $mn_lack" ;;
  esac
}

mount_wants_line() {
  [ "${mn_lines#*:}" != "$1" ] || return 0
  [ -n "$1" ] || ed_text=:
  ed_hits=$(printf '%s\n' "$mn_lines" | cut -d : -f 1)
  bde_edit_differs /etc/fstab ''
}

# mn_device: the device itself, where it is named by what is on it.
mount_find_device() {
  mn_device=$mn_source
  case $mn_source in
    UUID=* | LABEL=* | PARTUUID=* | PARTLABEL=*)
      mn_device=$(findfs "$mn_source" 2>/dev/null) || bde_lack "no device has $mn_source"
      ;;
  esac
}

mount_is_type() {
  case $mn_type,$mt_type in
    auto,* | none,* | "$mt_type",* | nfs,nfs4 | fuse,fuse.*) return 0 ;;
  esac
  return 1
}

mount_is_source() {
  if [ -n "$mn_bind" ]; then
    # One folder, seen at two places.
    mn_ids=$(stat -L -c %d:%i -- "$mn_device" "$mn_real" 2>/dev/null)
    [ "${mn_ids%%"$nl"*}" = "${mn_ids##*"$nl"}" ]
  elif [ -b "$mn_device" ]; then
    mn_ids=$(stat -L -c '0x%t 0x%T' -- "$mn_device")
    [ "$mt_device" = "$((${mn_ids% *})):$((${mn_ids#* }))" ] || [ "$(readlink -f -- "$mt_source")" = "$(readlink -f -- "$mn_device")" ]
  elif [ -f "$mn_device" ]; then
    [ "$(cat "/sys/dev/block/$mt_device/loop/backing_file" 2>/dev/null)" = "$(readlink -f -- "$mn_device")" ]
  else
    [ "${mt_source%/}" = "${mn_line%% *}" ] || [ "$mt_source" = "${mn_line%% *}" ]
  fi
}

# What the kernel tells of a mount's options; others are taken to hold where /etc/fstab has them. A bind mount has those
# of where it comes from as well.
mount_lacks_option() {
  for mn_flag in ro nosuid nodev noexec noatime nodiratime; do
    case ,$mn_options, in
      *",$mn_flag,"*) case ,$mt_options, in *",$mn_flag,"*) ;; *) mn_lack=$mn_flag; return 0 ;; esac ;;
      *) ! mount_may_lose "$mn_flag" || { mn_lack="the opposite of $mn_flag"; return 0; } ;;
    esac
  done
  return 1
}

# True where the mount has a flag that was not asked for and does not come by itself.
mount_may_lose() {
  case ,$mt_options, in *",$1,"*) ;; *) return 1 ;; esac
  case $1,$mn_bind,$mt_type,,$mn_options, in
    *,bind,* | ro,,iso9660,* | ro,,squashfs,* | ro,,erofs,* | ro,,udf,*) return 1 ;;
    no[sde]*,user,* | no[sde]*,users,* | no[sde]*,owner,* | no[sde]*,group,*) return 1 ;;
  esac
}

mount_act() {
  bde_void_files
  bde_void_units
  if [ "$mn_state" = mounted ]; then mount_make_right || return 1; fi
  case $mn_state in absent | unmounted) mount_take_away || return 1 ;; esac
  [ -n "$bde_diff_content" ] || return 0
  bde_edit_act && { [ ! -d /run/systemd/system ] || bde_reload_units; }
}

mount_make_right() {
  case $mn_now in
    right) return 0 ;;
    options)
      if [ -n "$mn_bind" ]; then
        mount_call mount -o "remount,bind,$mn_options" -- "$mn_path"
      else
        mount_call mount -t "$mn_type" -o "remount,$mn_options" -- "$mn_device" "$mn_path"
      fi
      return
      ;;
    other) mount_take_away || return 1 ;;
  esac
  mount_make_point && mount_call mount -t "$mn_type" -o "$mn_options" -- "$mn_source" "$mn_path"
}

# A file is bound to a file.
mount_make_point() {
  [ ! -e "$mn_path" ] || return 0
  if [ -n "$mn_bind" ] && [ -f "$mn_source" ]; then
    (umask 022 && mkdir -p -- "${mn_path%/*}/" && : >"$mn_path") 2>"$bde_err" && return 0
  else
    (umask 022 && mkdir -p -- "$mn_path") 2>"$bde_err" && return 0
  fi
  bde_blame "making $mn_path"
  return 1
}

# One may lie above another.
mount_take_away() {
  mn_real=$(readlink -f -- "$mn_path") || mn_real=$mn_path
  while bde_mounted "$mn_real"; do mount_call umount -- "$mn_real" || return 1; done
}

mount_call() {
  "$@" >"$bde_err" 2>&1 && return 0
  bde_blame "$1"
  return 1
}
