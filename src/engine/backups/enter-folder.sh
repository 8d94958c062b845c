# enter-folder.sh: stands before the scripts that pack and unpack in FOLDER, their first argument.
set -eu
umask 077
cd -- "$1"
for tool in tar gzip; do
  command -v "$tool" >/dev/null || { echo "the node has no $tool" >&2; exit 1; }
done
