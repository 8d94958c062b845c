#!/bin/sh
# Turns a fresh Debian root into the machine template. Runs inside the root (chroot), as root, once, while the template
# is built. The folder it lies in holds base-rpm.sh and guest-init.sh too; the builder removes it afterwards.
set -eu
here=$(dirname "$0")
export LC_ALL=C

write() { # write FILE [MODE]: stdin becomes the file
    mkdir -p "$(dirname "$1")"
    cat >"$1"
    chmod "${2:-644}" "$1"
}

make_ssh_quick() {
    rm -f /etc/ssh/ssh_host_*
    # UsePAM no: PAM adds 20 ms and a logind session to every login, and root has no password to check.
    # MaxStartups: a controller that opens many connections at once must not be turned away by chance.
    write /etc/ssh/sshd_config <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
UseDNS no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AuthenticationMethods publickey
PrintMotd no
PrintLastLog no
X11Forwarding no
MaxStartups 100
MaxSessions 20
ClientAliveInterval 30
Subsystem sftp internal-sftp
END
    # Debian's unit tests the configuration in an extra process before each start, and waits for the network.
    write /etc/systemd/system/ssh.service <<'END'
[Unit]
Description=OpenBSD Secure Shell server
After=bde-guest.service
[Service]
ExecStart=/usr/sbin/sshd -D
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=on-failure
RestartPreventExitStatus=255
Type=notify
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755
[Install]
WantedBy=multi-user.target
Alias=sshd.service
END
}

make_root_shell_quick() {
    # An ssh exec starts root's login shell with the command: dash starts in 1 ms, bash with Debian's .bashrc in 10.
    rm -f /root/.bashrc /root/.profile
    usermod --shell /bin/sh root
}

install_guest_init() {
    mkdir -p /usr/lib/bde /etc/bde
    install -m 755 "$here/guest-init.sh" /usr/lib/bde/guest-init.sh
    write /etc/systemd/system/bde-guest.service <<'END'
[Unit]
Description=Apply the guest data of this machine
DefaultDependencies=no
ConditionPathExists=/etc/bde/guest/format-version
Before=bde-network.service ssh.service shutdown.target
Conflicts=shutdown.target
[Service]
Type=oneshot
ExecStart=/usr/lib/bde/guest-init.sh /etc/bde/guest
[Install]
WantedBy=sysinit.target
END
    # networkd would do the same for 50 ms, 9 MiB and a D-Bus daemon more in each machine.
    write /etc/systemd/system/bde-network.service <<'END'
[Unit]
Description=Give the machine its static address
DefaultDependencies=no
ConditionPathExists=/etc/bde/network.batch
Wants=network.target
Before=network.target network-online.target shutdown.target
Conflicts=shutdown.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ip -batch /etc/bde/network.batch
[Install]
WantedBy=sysinit.target network-online.target
END
}

choose_units() {
    systemctl --quiet enable bde-guest.service bde-network.service ssh.service
    systemctl --quiet set-default multi-user.target
    # No device, terminal, disk or person that these could serve; they cost start-up time, memory and inotify instances.
    systemctl --quiet mask \
        systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket systemd-udev-trigger.service \
        systemd-logind.service systemd-user-sessions.service systemd-update-utmp.service \
        systemd-update-utmp-runlevel.service getty.target getty-static.service console-getty.service \
        systemd-ask-password-console.path systemd-ask-password-wall.path systemd-networkd-wait-online.service \
        systemd-firstboot.service systemd-pstore.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \
        systemd-network-generator.service systemd-journal-flush.service systemd-journal-catalog-update.service \
        systemd-initctl.socket systemd-remount-fs.service systemd-tmpfiles-setup-dev.service \
        kmod-static-nodes.service e2scrub_reap.service e2scrub_all.timer fstrim.timer apt-daily.timer \
        apt-daily-upgrade.timer dpkg-db-backup.timer ldconfig.service remote-fs.target dev-hugepages.mount \
        sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount
    # D-Bus starts when somebody asks for it.
    rm -f /lib/systemd/system/multi-user.target.wants/dbus.service
    # Generators look for disks, terminals and boot flags that a machine has not; each is a process at every boot.
    mkdir -p /etc/systemd/system-generators
    for generator in /lib/systemd/system-generators/*; do
        case $generator in
        */systemd-sysv-generator) ;;
        *) ln -s /dev/null "/etc/systemd/system-generators/${generator##*/}" ;;
        esac
    done
    write /etc/systemd/journald.conf.d/bde.conf <<'END'
[Journal]
Storage=volatile
RuntimeMaxUse=16M
END
}

make_dnf_usable() {
    # Debian's rpm keeps its database in ~/.rpmdb, and its dnf skips repos that do not answer.
    mkdir -p /var/lib/rpm /etc/yum.repos.d /etc/pki/rpm-gpg
    printf '%%_dbpath /var/lib/rpm\n' | write /etc/rpm/macros
    write /etc/dnf/dnf.conf <<'END'
[main]
releasever=12
gpgcheck=1
best=True
skip_if_unavailable=False
install_weak_deps=False
max_parallel_downloads=10
metadata_expire=0
timeout=10
retries=2
END
    # Scriptlets of Debian packages that come as RPMs must not start services: units are the recipe's to start.
    printf '#!/bin/sh\nexit 101\n' | write /usr/sbin/policy-rc.d 755
    sh "$here/base-rpm.sh"
}

trust_nobody_outside() {
    # Machines reach nothing outside, so no public authority has a say in them. dnf is twice as quick for it: GnuTLS reads
    # all of /etc/ssl/certs for each connection.
    sed -i 's/^mozilla/!mozilla/' /etc/ca-certificates.conf
    update-ca-certificates --fresh >/dev/null
    # It leaves the old bundle where the new one is empty.
    : >/etc/ssl/certs/ca-certificates.crt
}

forget_the_build() {
    # Nodes have no way out: an apt source would only cost time-outs.
    rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d/99mmdebstrap /var/lib/apt/lists /var/cache/apt
    mkdir -p /var/lib/apt/lists/partial /var/cache/apt/archives/partial /etc/apt/sources.list.d
    rm -rf /var/log/* /tmp/* /var/tmp/* /usr/share/doc/* /usr/share/man/* /usr/share/info/*
    : >/etc/machine-id
    rm -f /etc/hostname /etc/resolv.conf /var/lib/dbus/machine-id /var/lib/systemd/random-seed
    : >/etc/resolv.conf
    printf '127.0.0.1 localhost\n::1 localhost\n' | write /etc/hosts
    # Says that /etc and /var are as new as /usr, or every boot would run sysusers again (Debian has no update-done).
    touch /etc/.updated /var/.updated
}

make_ssh_quick
make_root_shell_quick
install_guest_init
choose_units
make_dnf_usable
trust_nobody_outside
forget_the_build
