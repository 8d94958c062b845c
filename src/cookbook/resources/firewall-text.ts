import type { Opening } from './firewall-openings.js';

/** What a table of the firewall is made of. */
export interface FirewallTable {
  readonly table: string;
  readonly sshPort: number;
  readonly openings: readonly Opening[];
}

/**
 * The file that nft loads, but for its first line, `define network = …`: a table that replaces itself in one step, and
 * names no other one.
 *
 * ssh is open to everyone: it is by key alone, a controller may come from anywhere, and nobody gets in to mend a rule that
 * shut ssh.
 */
export function firewallRules({ table, sshPort, openings }: FirewallTable): string {
  const rules = [
    'type filter hook input priority filter; policy drop;',
    'iifname "lo" accept',
    'ct state vmap { established : accept, related : accept, invalid : drop }',
    // ICMP and ICMPv6: a node need not have /etc/protocols.
    'meta l4proto { 1, 58 } accept',
    'udp sport 67 udp dport 68 accept',
    `tcp dport ${String(sshPort)} accept`,
    ...openingRules(openings),
  ];
  const chain = ['\tchain input {', ...rules.map((rule) => `\t\t${rule}`), '\t}'];
  // Adding it first lets the deletion succeed where it is not there.
  return [`table inet ${table} {}`, `delete table inet ${table}`, `table inet ${table} {`, ...chain, '}', ''].join(
    '\n',
  );
}

/** One rule for all ports of a protocol that are open to the same nodes. */
function openingRules(openings: readonly Opening[]): readonly string[] {
  const ports = new Map<string, readonly string[]>();
  for (const { protocol, port, from } of openings) {
    const sources = from === 'network' ? '$network' : `{ ${from.join(', ')} }`;
    const rule = `ip saddr ${sources} ${protocol} dport`;
    ports.set(rule, [...(ports.get(rule) ?? []), port]);
  }
  return [...ports].map(([rule, list]) => `${rule} { ${list.join(', ')} } accept`);
}

/** The unit that loads the rules at boot, before there is a network. */
export function firewallUnit(name: string, rulesPath: string): string {
  return [
    '[Unit]',
    `Description=Firewall ${name} of this node`,
    'DefaultDependencies=no',
    'Wants=network-pre.target',
    'Before=network-pre.target shutdown.target',
    'Conflicts=shutdown.target',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    `ExecStart=/usr/sbin/nft -f ${rulesPath}`,
    '[Install]',
    'WantedBy=sysinit.target',
    '',
  ].join('\n');
}
