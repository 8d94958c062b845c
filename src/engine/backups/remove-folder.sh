# remove-folder.sh ROOT ID ROLE: removes ROOT/ID/ROLE, and ROOT/ID where that was all.
set -eu
rm -rf -- "${1:?}/${2:?}/${3:?}"
rmdir -- "$1/$2" 2>/dev/null || :
