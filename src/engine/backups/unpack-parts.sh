# unpack-parts.sh FOLDER SHA256: unpacks the archive that FOLDER/parts/* are the parts of into FOLDER/files.
sum=$(cat parts/* | sha256sum | cut -d ' ' -f 1)
[ "$sum" = "$2" ] || { echo "what came is not what was sent: $sum" >&2; exit 1; }
rm -rf files
mkdir files
# Whose the files are here is for the recipes to say.
cat parts/* | gzip -dc | tar -C files -xof -
rm -rf parts
