#!/bin/sh
# Builds and installs the virtual base RPM inside the template: it owns no file and says what the Debian root provides, so
# that packages which require /bin/sh, libc.so.6 or "systemd" install. Its file triggers make units, users and tmpfiles of
# later packages take effect without scriptlets.
set -eu
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

provide_commands() { # /bin and /usr/bin are one folder here, and packages ask for either
    find /usr/bin /usr/sbin -mindepth 1 -maxdepth 1 | while read -r path; do
        printf 'Provides: %s\nProvides: %s\n' "$path" "${path#/usr}"
    done
}

provide_debian_packages() { # rpm allows no hyphen in versions
    dpkg-query --show --showformat '${Package} ${Version}\n' | while read -r name version; do
        printf 'Provides: %s = %s\n' "$name" "$(printf %s "$version" | tr - _)"
    done
}

provide_libraries() {
    find /usr/lib -name '*.so*' -type f | /usr/lib/rpm/elfdeps --provides | sort -u | sed 's/^/Provides: /'
    echo 'Provides: rtld(GNU_HASH)'
}

provide_red_hat_names() {
    for name in bash coreutils glibc systemd shadow-utils util-linux procps-ng chkconfig system-release; do
        echo "Provides: $name"
    done
    echo 'Provides: system-release(releasever) = 12'
}

{
    cat <<'END'
Name: bde-base
Version: 12
Release: 1
Summary: What the Debian root of this machine provides
License: Apache-2.0
BuildArch: noarch
AutoReqProv: no
END
    { provide_commands; provide_debian_packages; provide_libraries; provide_red_hat_names; } | sort -u
    cat <<'END'
%description
Owns nothing; provides the names that packages require.
%files
%transfiletriggerin -P 900899 -- /usr/lib/systemd/system /etc/systemd/system
[ -d /run/systemd/system ] && systemctl daemon-reload || :
%transfiletriggerpostun -P 900899 -- /usr/lib/systemd/system /etc/systemd/system
[ -d /run/systemd/system ] && systemctl daemon-reload || :
%filetriggerin -P 1000700 -- /usr/lib/sysusers.d
systemd-sysusers || :
%transfiletriggerin -P 1000500 -- /usr/lib/tmpfiles.d
[ -d /run/systemd/system ] && systemd-tmpfiles --create || :
END
} >"$work/bde-base.spec"

rpmbuild -bb --quiet --target noarch --define "_topdir $work" --define "_rpmdir $work" \
    --define '_binary_payload w3.zstdio' "$work/bde-base.spec"
rpm -i --force-debian "$work"/noarch/bde-base-*.rpm
