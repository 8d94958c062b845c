# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: device, filesystem, label (or nothing), partition (or nothing).
#
# What is not blank is never touched: blank is a device that nothing uses, on which no tool finds a signature, and whose
# first and last MiB are zero, for data need not have a signature.
disk_probe() {
  dk_fs=$2 dk_label=$3
  dk_device=$(readlink -f -- "$1")
  [ -b "$dk_device" ] || { bde_lack "there is no block device $1"; return; }
  dk_folder=/sys/class/block/${dk_device##*/}
  dk_target=$dk_device
  if [ -n "$4" ]; then disk_probe_table; else disk_probe_volume; fi
}

# A table with its one partition may have been left by a run that was killed before it made the filesystem.
disk_probe_table() {
  if [ -e "$dk_folder/partition" ]; then bde_detail="$dk_device is a partition itself"; return 2; fi
  disk_read "$dk_device" || return 2
  dk_has_table=$dk_table
  case $dk_table in
    gpt)
      disk_find_partition || return 2
      [ -b "$dk_target" ] && { disk_probe_volume; return; }
      bde_why="the kernel does not show $dk_target"
      ;;
    '')
      disk_refuse_type || return 2
      disk_is_blank "$dk_device" || return 2
      bde_why=blank
      ;;
    *) bde_detail="$dk_device has a partition table of type $dk_table"; return 2 ;;
  esac
  return 1
}

disk_refuse_type() {
  [ -n "$dk_type" ] || return 0
  bde_detail="$dk_device holds $dk_type and no partition table"
  return 2
}

# By the table itself: the kernel may not have read it, or not know its kind.
disk_find_partition() {
  dk_parts=$(partx -g -o NR -- "$dk_device" 2>/dev/null | tr -d ' ' | tr '\n' ' ')
  case $dk_parts in
    '') bde_detail="$dk_device has a partition table without partitions"; return 2 ;;
    *' '*' ') bde_detail="$dk_device has several partitions: ${dk_parts% }"; return 2 ;;
  esac
  case $dk_device in
    *[0-9]) dk_target=${dk_device}p${dk_parts% } ;;
    *) dk_target=$dk_device${dk_parts% } ;;
  esac
}

disk_probe_volume() {
  disk_read "$dk_target" || return 2
  if [ -n "$dk_table" ]; then bde_detail="$dk_target has a partition table of type $dk_table"; return 2; fi
  if [ "$dk_type" = "$dk_fs" ]; then
    case $dk_label in '' | "$dk_have") return 0 ;; esac
    bde_detail="$dk_target holds $dk_type labelled \"$dk_have\" instead of \"$dk_label\""
    return 2
  fi
  if [ -n "$dk_type" ]; then bde_detail="$dk_target holds $dk_type instead of $dk_fs"; return 2; fi
  disk_is_blank "$dk_target" || return 2
  bde_why=blank
  return 1
}

# dk_type, dk_have (its label), dk_table of what is on a device, looked up on the device itself.
disk_read() {
  dk_type='' dk_have='' dk_table=''
  dk_said=$(blkid -p -o export -- "$1" 2>"$bde_err")
  case $? in 0 | 2) ;; *) bde_blame blkid; bde_detail="$1 cannot be told: $bde_detail"; return 2 ;; esac
  # Values have a backslash before each odd sign, which this read takes away.
  # shellcheck disable=SC2162
  while IFS='=' read dk_key dk_value; do
    case $dk_key in
      TYPE) dk_type=$dk_value ;;
      LABEL) dk_have=$dk_value ;;
      PTTYPE) dk_table=$dk_value ;;
    esac
  done <<END_OF_TAGS
$dk_said
END_OF_TAGS
}

disk_is_blank() {
  dk_sys=/sys/class/block/${1##*/}
  dk_found=$(disk_use "$1" || disk_signature "$1" || disk_data "$1")
  [ -n "$dk_found" ] || return 0
  bde_detail="$1 is not blank: $dk_found"
  return 2
}

# Each of these says what it found, and nothing and 1 where that is nothing.
disk_use() {
  dk_found=$(set +f; cd "$dk_sys" && echo */partition)
  [ "$dk_found" = '*/partition' ] || { echo "it has partitions"; return 0; }
  dk_found=$(ls "$dk_sys/holders" 2>/dev/null)
  [ -z "$dk_found" ] || { echo "$dk_found is made of it"; return 0; }
  dk_found=$(bde_mount_of "$(cat "$dk_sys/dev")")
  [ -z "$dk_found" ] || { echo "it is mounted at $dk_found"; return 0; }
  ! grep -q "^$1 " /proc/swaps || { echo 'it is in use as swap'; return 0; }
  [ "$(cat "$dk_sys/ro")" = 0 ] || { echo 'it is read-only'; return 0; }
  [ "$(cat "$dk_sys/size")" = 0 ] && echo 'it has no size'
}

disk_signature() {
  dk_found=$(wipefs --no-act --noheadings --output TYPE -- "$1" 2>&1) || dk_found=${dk_found:-'wipefs failed'}
  [ -n "$dk_found" ] && echo "it has the signature of $(echo "$dk_found" | sort -u | tr '\n' ' ')"
}

disk_data() {
  dk_zero=$({ head -c 1048576 -- "$1" && tail -c 1048576 -- "$1"; } 2>&1 | tr -d '\000' | head -c 1 | wc -c)
  [ "$dk_zero" != 0 ] && echo 'it holds data of no known kind; where that is void, clear it by blkdiscard -z or dd'
}

# A partition that was not to be seen before is looked at now.
disk_act() {
  bde_void_files
  if [ -n "$4" ]; then
    disk_part || return 1
    disk_probe_volume
    case $? in 0) return 0 ;; 1) ;; *) return 1 ;; esac
  fi
  disk_make "$dk_fs" "$dk_target" >"$bde_err" 2>&1 && return 0
  bde_blame "mkfs of $dk_fs"
  return 1
}

disk_part() {
  [ -n "$dk_has_table" ] || disk_make_table || return 1
  disk_find_partition || return 1
  [ -b "$dk_target" ] || partx -u -- "$dk_device" >"$bde_err" 2>&1
  dk_tries=0
  until [ -b "$dk_target" ]; do
    dk_tries=$((dk_tries + 1))
    [ "$dk_tries" -le 50 ] || { bde_detail="the kernel does not show $dk_target"; return 1; }
    sleep 0.2
  done
}

disk_make_table() {
  if [ "$dk_fs" = swap ]; then dk_use=S; else dk_use=L; fi
  printf 'label: gpt\n,,%s\n' "$dk_use" | sfdisk -q --wipe never -- "$dk_device" >"$bde_err" 2>&1 && return 0
  bde_blame sfdisk
  return 1
}

# None of these is forced: each looks by itself whether the device is in use. (-I lets mkfs.vfat have a whole disk.)
disk_make() {
  case $1 in
    swap) mkswap ${dk_label:+-L "$dk_label"} -- "$2" ;;
    vfat) mkfs.vfat -I ${dk_label:+-n "$dk_label"} -- "$2" ;;
    *) "mkfs.$1" -q ${dk_label:+-L "$dk_label"} -- "$2" ;;
  esac
}
