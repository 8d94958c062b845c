# pack-files.sh FOLDER: packs FOLDER/files into FOLDER/archive.tar.gz, where that is not done yet; prints its bytes and sha256.
if [ ! -e archive.tar.gz ]; then
  [ -n "$(ls -A files)" ] || { echo 'the recipes left no file' >&2; exit 1; }
  rm -f failed
  # A pipe ends as its last command does.
  { tar -C files -cf - . || : >failed; } | gzip -1 >archive.new
  [ ! -e failed ] || exit 1
  mv archive.new archive.tar.gz
  rm -rf files
fi
printf '%s %s\n' "$(wc -c <archive.tar.gz)" "$(sha256sum <archive.tar.gz | cut -d ' ' -f 1)"
