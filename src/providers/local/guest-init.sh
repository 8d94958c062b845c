#!/bin/sh
# Applies guest data: what a machine is told once, at its first boot or when an instant clone wakes.
#
#     guest-init.sh FOLDER [ROOT]
#
# FOLDER has one plain file per field; a field whose file is absent is left as it is. Providers that hand the data over in
# another way (NoCloud, guestinfo) unpack it into such a folder first. The folder is removed at the end, for it carries a
# private key; `format-version` goes last, so a machine that died half-way starts over. ROOT (default: this machine) is
# for tests.
#
#     format-version   1
#     machine-id       ULID; /etc/machine-id becomes the first 32 hex digits of its sha256
#     host-name
#     networks         one ADDRESS/PREFIX a line, for the network interfaces in the order of their names
#     host-key         OpenSSH private key (ed25519), host-key.pub its public line
#     authorized-keys  root's
#     ca.pem           certificates to trust: /etc/bde/ca.pem, and in the system's bundle
#     package-keys/    keys that packages may be signed with: a file each in /etc/pki/rpm-gpg
#     entropy-seed     mixed into the kernel's pool
set -eu
umask 022
folder=$1
root=${2:-}

has() { [ -f "$folder/$1" ]; }

put() { # put FIELD FILE MODE; install gives the final mode before any other than root could have opened the file
    ! has "$1" || install -D -m "$3" "$folder/$1" "$root$2"
}

apply_machine_id() {
    has machine-id || return 0
    read -r ulid <"$folder/machine-id"
    digest=$(printf %s "$ulid" | sha256sum)
    wanted=$(printf %.32s "$digest")
    current=
    ! [ -s "$root/etc/machine-id" ] || read -r current <"$root/etc/machine-id"
    [ "$current" = "$wanted" ] || printf '%s\n' "$wanted" >"$root/etc/machine-id"
}

apply_host_name() {
    has host-name || return 0
    read -r name <"$folder/host-name"
    printf '%s\n' "$name" >"$root/etc/hostname"
    [ -z "$root" ] || return 0
    read -r current </proc/sys/kernel/hostname
    [ "$current" = "$name" ] || hostname "$name"
}

apply_networks() {
    has networks || return 0
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    : >"$root/etc/bde/network.batch"
    exec 3<"$folder/networks"
    for link in "$root"/sys/class/net/*; do
        link=${link##*/}
        [ "$link" != lo ] || continue
        read -r address <&3 || break
        printf 'address replace %s dev %s\nlink set %s up\n' "$address" "$link" "$link" >>"$root/etc/bde/network.batch"
        ! has host-name || printf '%s %s\n' "${address%/*}" "$name" >>"$root/etc/hosts"
    done
    exec 3<&-
}

apply_trust() {
    has ca.pem || return 0
    ! cmp -s "$folder/ca.pem" "$root/etc/bde/ca.pem" || return 0
    # Appending is what update-ca-certificates would end up with, less its second of CPU time; the copy below /usr/local
    # makes its next real run keep it.
    cat "$folder/ca.pem" >>"$root/etc/ssl/certs/ca-certificates.crt"
    put ca.pem /usr/local/share/ca-certificates/bde.crt 644
    put ca.pem /etc/bde/ca.pem 644
}

apply_package_keys() {
    for key in "$folder"/package-keys/*; do
        name=${key##*/}
        put "package-keys/$name" "/etc/pki/rpm-gpg/$name" 644
    done
}

apply_machine_id
apply_host_name
apply_networks
put host-key /etc/ssh/ssh_host_ed25519_key 600
put host-key.pub /etc/ssh/ssh_host_ed25519_key.pub 644
put authorized-keys /root/.ssh/authorized_keys 600
apply_package_keys
apply_trust
! has entropy-seed || [ -n "$root" ] || cat "$folder/entropy-seed" >/dev/urandom

# All but format-version first: a machine that dies between the two lines finds it and starts over.
find "$folder" -type f ! -name format-version -exec rm -f {} +
rm -rf "$folder"
