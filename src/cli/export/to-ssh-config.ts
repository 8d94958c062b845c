import type { ExportedCluster, ExportedEndpoint, ExportedLogIn, ExportedNode } from './exported-cluster.js';

/**
 * A configuration for `ssh -F FILE NODE`: every node by its name, by the cluster's key, with the host keys that bde knows and no
 * others. Jump hosts are logged in to with the keys that ssh uses by itself.
 */
export function toSshConfig(cluster: Pick<ExportedCluster, 'name' | 'nodes' | 'ssh'>): string {
  const { name, nodes, ssh } = cluster;
  const jumps = new Map(
    nodes.flatMap(({ logIn }) => (logIn?.jumps ?? []).map((jump) => [jumpName(jump), jump] as const)),
  );
  return [
    `# bde cluster ${name}: ssh -F FILE ${nodes[0]?.name ?? 'NODE'}`,
    ...nodes.flatMap((node) => (node.logIn === null ? [] : nodeBlock(node, node.logIn, ssh.keyFile))),
    ...[...jumps].flatMap(([alias, jump]) => block(alias, endpointOptions(jump))),
    ...block('*', [
      ['StrictHostKeyChecking', 'yes'],
      ['UserKnownHostsFile', quoted(ssh.knownHostsFile)],
      ['GlobalKnownHostsFile', '/dev/null'],
      ['UpdateHostKeys', 'no'],
    ]),
    '',
  ].join('\n');
}

type Option = readonly [keyword: string, value: string];

function nodeBlock({ name }: ExportedNode, logIn: ExportedLogIn, keyFile: string): readonly string[] {
  return block(name, [
    ...endpointOptions(logIn),
    ['IdentityFile', quoted(keyFile)],
    ['IdentitiesOnly', 'yes'],
    ['PasswordAuthentication', 'no'],
    ...(logIn.jumps.length === 0 ? [] : [['ProxyJump', logIn.jumps.map(jumpName).join(',')] as const]),
  ]);
}

function endpointOptions({ address, port, user }: ExportedEndpoint): readonly Option[] {
  return [
    ['HostName', address],
    ['Port', String(port)],
    ['User', user],
  ];
}

function block(host: string, options: readonly Option[]): readonly string[] {
  return ['', `Host ${host}`, ...options.map(([keyword, value]) => `  ${keyword} ${value}`)];
}

function jumpName({ user, address, port }: ExportedEndpoint): string {
  return `bde-jump-${user}-${address}-${String(port)}`;
}

/** ssh takes a percent sign of a path for one of its own marks. */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}
