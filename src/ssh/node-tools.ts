const SYSTEM_TOOLS =
  'sh awk grep sed flock setsid ip curl dnf/tdnf/yum/apt-get rpm/dpkg-query systemctl sysctl getent useradd usermod groupadd diff cmp';
const COREUTILS =
  'cat chgrp chmod chown cp cut date dd df env head id ln ls mkdir mktemp mv od readlink rm rmdir ' +
  'sha256sum sleep sort stat sync tail timeout touch tr truncate uname uniq wc';

/** Every tool that bde and its cookbooks use on nodes, slashes between those of which one is enough; the table in docs/runs.md says what for. */
export const NODE_TOOLS: readonly string[] = [...SYSTEM_TOOLS.split(' '), ...COREUTILS.split(' ')];
