import { stringify } from 'yaml';
import type { ExportedCluster, ExportedLogIn, ExportedNode } from './exported-cluster.js';

/**
 * A YAML inventory for Ansible: every node once, with how to get in, and a group for each node group and each role. Host keys
 * are those that bde knows and no others.
 */
export function toAnsible(cluster: ExportedCluster): string {
  const { name, nodes } = cluster;
  const children = {
    ...groupsOf('group', nodes, ({ group }) => [group]),
    ...groupsOf('role', nodes, ({ roles }) => roles),
  };
  const inventory = {
    all: {
      vars: {
        bde_cluster: name,
        bde_cluster_id: cluster.id,
        bde_provider: cluster.provider,
        ansible_ssh_private_key_file: cluster.ssh.keyFile,
      },
      hosts: Object.fromEntries(nodes.map((node) => [node.name, hostVars(node, cluster.ssh.knownHostsFile)])),
      children,
    },
  };
  return `# bde cluster ${name}\n${stringify(inventory, { lineWidth: 0 })}`;
}

function hostVars(node: ExportedNode, knownHostsFile: string): Readonly<Record<string, unknown>> {
  const { logIn } = node;
  return {
    ansible_host: logIn?.address ?? node.address,
    ...(logIn === null ? {} : logInVars(logIn, knownHostsFile)),
    bde_address: node.address,
    bde_group: node.group,
    bde_index: node.index,
    bde_ordinal: node.ordinal,
    bde_roles: node.roles,
  };
}

function logInVars(logIn: ExportedLogIn, knownHostsFile: string): Readonly<Record<string, unknown>> {
  return {
    ansible_port: logIn.port,
    ansible_user: logIn.user,
    ...(logIn.sudo ? { ansible_become: true } : {}),
    ansible_ssh_common_args: sshArguments(logIn, knownHostsFile),
  };
}

/** Ansible splits them as a shell does; ssh splits the list of files at blanks once more. */
function sshArguments({ jumps }: ExportedLogIn, knownHostsFile: string): string {
  const ways = jumps.map(({ user, address, port }) => `${user}@${address}:${String(port)}`);
  return [
    '-o StrictHostKeyChecking=yes',
    `-o UserKnownHostsFile=${quoted(knownHostsFile)}`,
    '-o IdentitiesOnly=yes',
    ...(ways.length === 0 ? [] : [`-o ProxyJump=${ways.join(',')}`]),
  ].join(' ');
}

function quoted(path: string): string {
  const inner = `"${path.replaceAll('%', '%%')}"`;
  return `'${inner.replaceAll("'", `'"'"'`)}'`;
}

type Hosts = Readonly<Record<string, Readonly<Record<string, null>>>>;

/** Groups by their names for Ansible: letters, digits and `_` alone; of two that come to the same, one gets a number. */
function groupsOf(
  kind: 'group' | 'role',
  nodes: readonly ExportedNode[],
  namesOf: (node: ExportedNode) => readonly string[],
): Readonly<Record<string, { readonly hosts: Hosts }>> {
  const taken = new Map<string, string>();
  for (const name of new Set(nodes.flatMap(namesOf))) {
    const plain = `${kind}_${name.replaceAll(/\W/g, '_')}`;
    let free = plain;
    for (let next = 2; taken.has(free); next += 1) free = `${plain}_${String(next)}`;
    taken.set(free, name);
  }
  return Object.fromEntries(
    [...taken].map(([title, name]) => {
      const members = nodes.filter((node) => namesOf(node).includes(name));
      return [title, { hosts: Object.fromEntries(members.map((node) => [node.name, {}])) }];
    }),
  );
}
