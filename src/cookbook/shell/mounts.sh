# shellcheck shell=sh disable=SC2034,SC2154
# What is mounted where, as the kernel says it. Its fields have \040 for a blank, and the like.
#
# bde_mount_lines: for each mount, `POINT|MAJOR:MINOR TYPE SOURCE OPTIONS`, only the point written plainly; the last one at
# a point is the one that is seen.
bde_mount_lines() {
  awk '{
    point = $5
    gsub(/\\040/, " ", point); gsub(/\\011/, "\t", point); gsub(/\\043/, "#", point); gsub(/\\134/, "\\\\", point)
    for (i = 7; i < NF && $i != "-"; i++) ;
    print point "|" $3, $(i + 1), $(i + 2), $6 "," $(i + 3)
  }' /proc/self/mountinfo
}

# mt_device (major:minor), mt_type, mt_source, mt_options of what is mounted at a path; fails where nothing is.
bde_mounted() {
  mt_lines=$nl$(bde_mount_lines)$nl
  case $mt_lines in *"$nl$1|"*) ;; *) return 1 ;; esac
  mt_lines=${mt_lines##*"$nl$1|"}
  IFS=' ' read -r mt_device mt_type mt_source mt_options <<END_OF_MOUNT
${mt_lines%%"$nl"*}
END_OF_MOUNT
}

# The first mount point at or below a path; nothing where there is none.
bde_mount_below() {
  mt_lines=$nl$(bde_mount_lines)$nl
  case $mt_lines in
    *"$nl$1|"*) printf %s "$1" ;;
    *"$nl$1/"*) mt_lines=${mt_lines#*"$nl$1/"} && printf '%s/%s' "$1" "${mt_lines%%'|'*}" ;;
  esac
}

# Where a device, by its major:minor, is mounted first; nothing where it is not.
bde_mount_of() { bde_mount_lines | sed -n "s/|$1 .*//p" | head -n 1; }
