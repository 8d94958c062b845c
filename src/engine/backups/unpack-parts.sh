# unpack-parts.sh FOLDER SHA256: unpacks the archive that FOLDER/parts/* are the parts of into FOLDER/files.
set -eu
umask 077
cd -- "$1"
for tool in tar gzip; do
  command -v "$tool" >/dev/null || { echo "the node has no $tool" >&2; exit 1; }
done
sum=$(cat parts/* | sha256sum | cut -d ' ' -f 1)
[ "$sum" = "$2" ] || { echo "what came is not what was sent: $sum" >&2; exit 1; }
rm -rf files
mkdir files
# Whose the files are here is for the recipes to say.
cat parts/* | gzip -dc | tar -C files -xof -
rm -rf parts
