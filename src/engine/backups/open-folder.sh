# open-folder.sh ROOT ID ROLE: makes ROOT/ID/ROLE/files, with nothing in it, and removes what other ids left: they were given up.
set -eu
umask 077
for other in "$1"/*; do
  [ "$other" = "$1/$2" ] || rm -rf -- "$other"
done
rm -rf -- "${1:?}/${2:?}/${3:?}"
mkdir -p -- "$1/$2/$3/files"
