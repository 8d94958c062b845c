# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: name, sha256 or `computed`, function that prints the certificate. Debian's and Red Hat's trust stores. What
# counts is that the store's bundle has the certificate, however it came there: so a kill before the update loses nothing.
ca_certificate_probe() {
  ca_find_store || { bde_detail='this node has no update-ca-certificates and no update-ca-trust'; return 2; }
  ca_is_trusted "$3" && return 0
  bde_file_probe "$ca_folder/$1.$ca_suffix" 644 root root "$2" "$3" ''
  ca_status=$?
  [ "$ca_status" = 0 ] || return "$ca_status"
  bde_why='not in the bundle'
  return 1
}

ca_certificate_act() {
  bde_file_act "$ca_folder/$1.$ca_suffix" 644 root root "$2" "$3" '' || return 1
  (umask 022; exec "$ca_update") >"$bde_err" 2>&1 && return 0
  bde_blame "$ca_update"
  return 1
}

# True where the line behind each BEGIN, which holds the serial number, stands in the bundle.
ca_is_trusted() {
  [ -s "$ca_bundle" ] && "$1" 2>/dev/null | awk '
    FNR == NR { have[$0]; next }
    wanted { if (!($0 in have)) { missing = 1 } wanted = 0 }
    /^-----BEGIN CERTIFICATE-----/ { wanted = 1; count++ }
    END { exit missing || !count }' "$ca_bundle" -
}

ca_find_store() {
  if command -v update-ca-certificates >/dev/null; then
    ca_update=update-ca-certificates ca_folder=/usr/local/share/ca-certificates ca_suffix=crt
    ca_bundle=/etc/ssl/certs/ca-certificates.crt
  elif command -v update-ca-trust >/dev/null; then
    ca_update=update-ca-trust ca_folder=/etc/pki/ca-trust/source/anchors ca_suffix=pem
    ca_bundle=/etc/pki/tls/certs/ca-bundle.crt
  else
    return 1
  fi
}
