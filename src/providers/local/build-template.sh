#!/bin/sh
# Builds the template image: build-template.sh IMAGE PACKAGES (comma-separated).
#
# The caller holds the lock of IMAGE and has given this process a mount namespace of its own, so whatever a killed build
# leaves is the work folder, which the next one removes. Texts come in the environment: BDE_SOURCES (apt sources),
# BDE_APT_OPTIONS (apt.conf), BDE_CUSTOMIZE, BDE_BASE_RPM, BDE_GUEST_INIT (scripts for inside the root).
set -eu
image=$1
packages=$2
work=$image.build

[ ! -f "$image" ] || exit 0 # another builder was first
rm -rf --one-file-system "$work"
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 143' HUP INT TERM
mkdir -p "$work/bde-template"

printf '%s\n' "$BDE_SOURCES" >"$work/sources.list"
printf '%s\n' "$BDE_APT_OPTIONS" >"$work/apt.conf"
printf '%s' "$BDE_CUSTOMIZE" >"$work/bde-template/customize-template.sh"
printf '%s' "$BDE_BASE_RPM" >"$work/bde-template/base-rpm.sh"
printf '%s' "$BDE_GUEST_INIT" >"$work/bde-template/guest-init.sh"
cat >"$work/customize" <<'END'
#!/bin/sh
set -e
cp -r "${0%/*}/bde-template" "$1/"
chroot "$1" sh /bde-template/customize-template.sh
rm -r "$1/bde-template"
END
chmod +x "$work/customize"

# Documentation and translations are a third of the files and nobody reads them in a machine. An unsafe write is safe
# here: a build that did not end is thrown away.
mmdebstrap --mode=root --variant=minbase --format=directory --include="$packages" \
    --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --keyring=/etc/apt/trusted.gpg.d \
    --aptopt="$work/apt.conf" --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="$work/customize" bookworm "$work/root" "$work/sources.list"

echo 'I: packing the image...' >&2
mksquashfs "$work/root" "$work/image" -comp zstd -Xcompression-level 3 -noappend -quiet -no-progress >&2
sync "$work/image"
mv "$work/image" "$image"
