import { ofKind } from './workload.mjs';

/**
 * A script that takes everything of the workload off a node, and what tools remember of it there, so that the next first
 * run finds a fresh node. The package that was there before stays.
 */
export function toUndo(resources) {
  const [unit] = ofKind(resources, 'unit');
  const [user] = ofKind(resources, 'user');
  const [, ...extra] = ofKind(resources, 'packages').flatMap(({ names }) => names);
  const folders = ofKind(resources, 'directory').map(({ path }) => path);
  return `systemctl disable --quiet --now ${unit.name} 2>/dev/null
rm -f /etc/systemd/system/${unit.name}
systemctl daemon-reload
systemctl reset-failed ${unit.name} 2>/dev/null
rm -rf ${folders.join(' ')}
! getent passwd ${user.name} >/dev/null || userdel ${user.name}
${extra.length === 0 ? '' : `rpm -e ${extra.join(' ')} 2>/dev/null; rm -rf /var/cache/dnf\n`}cd /var/lib/bde && rm -rf applied/wbench applied/packages notify/wbench seen/wbench runs
rm -rf /root/.ansible
exit 0
`;
}
