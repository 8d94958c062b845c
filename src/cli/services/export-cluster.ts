import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findTarget } from '../../engine/node-links.js';
import { clusterKey } from '../../engine/open-links.js';
import { readPinnedContent, type PinnedContent } from '../../engine/pins.js';
import type { NodeTarget, SshEndpoint } from '../../engine/ports/nodes.js';
import type { HostInventory, MachineListing } from '../../engine/ports/provider.js';
import type { ClusterRecord, MachineRecord, NodeRecord } from '../../engine/ports/store.js';
import type { Secret } from '../../errors/secret.js';
import type { Json } from '../../spec/json.js';
import { parseDocument } from '../../spec/document/parse-document.js';
import { parseClusterSpec } from '../../spec/parse-cluster-spec.js';
import { printClusterSpec } from '../../spec/print-cluster-spec.js';
import type { ExportedCluster, ExportedEndpoint, ExportedLogIn, ExportedNode } from '../export/exported-cluster.js';
import { toKnownHosts } from '../export/known-hosts.js';
import { toAnsible } from '../export/to-ansible.js';
import { toHosts } from '../export/to-hosts.js';
import { toRack } from '../export/to-rack.js';
import { toSshConfig } from '../export/to-ssh-config.js';
import { homePaths } from '../paths.js';
import { openProvider, openSealer } from '../wire.js';
import { pinnedSourceOf } from './change-requests.js';
import { endpointsOf } from './describe-cluster.js';
import { findCluster } from './find-cluster.js';
import { withStore } from './with-store.js';
import { writeFileAtomically } from './write-file-atomically.js';

/** What a cluster can be written as. */
export const EXPORT_FORMATS = ['spec', 'ansible', 'ssh-config', 'hosts', 'rack', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A cluster in another form; `formatVersion` 1 of `bde cluster export --json`. */
export interface ExportReport {
  readonly formatVersion: 1;
  readonly cluster: string;
  readonly format: ExportFormat;
  /** Where it was written; null: nowhere. */
  readonly file: string | null;
  readonly text: string;
}

/** Writes a cluster in another form, to a file where one is named. No secret is in it: keys are named by their files. */
export async function exportCluster(
  name: string,
  order: { readonly format: ExportFormat; readonly out: string | undefined },
): Promise<ExportReport> {
  const { format, out } = order;
  const { cluster, key } = await readExported(name);
  const text = textOf(format, cluster);
  if (format === 'ansible' || format === 'ssh-config') await writeSshFiles(cluster, key);
  if (out !== undefined) await writeFileAtomically(out, text);
  return { formatVersion: 1, cluster: name, format, file: out ?? null, text };
}

function textOf(format: ExportFormat, cluster: ExportedCluster): string {
  switch (format) {
    case 'spec':
      return `${JSON.stringify(cluster.spec, null, 2)}\n`;
    case 'ansible':
      return toAnsible(cluster);
    case 'ssh-config':
      return toSshConfig(cluster);
    case 'hosts':
      return toHosts(cluster);
    case 'rack':
      return toRack(cluster);
    case 'json':
      return `${JSON.stringify(cluster, null, 2)}\n`;
  }
}

/** A client reads the key from a file, as it does for `bde cluster ssh`. */
async function writeSshFiles(cluster: ExportedCluster, key: Secret): Promise<void> {
  await mkdir(folderOf(cluster.name), { recursive: true, mode: 0o700 });
  await writeFileAtomically(cluster.ssh.keyFile, key.reveal());
  await writeFileAtomically(cluster.ssh.knownHostsFile, toKnownHosts(cluster));
}

function folderOf(name: string): string {
  return join(homePaths().ssh, name);
}

function readExported(name: string): Promise<{ readonly cluster: ExportedCluster; readonly key: Secret }> {
  return withStore(async (store) => {
    const record = await findCluster(store, name);
    const { provider, access } = await openProvider({ name: record.provider });
    const [nodes, machines, content, listings, { hosts }] = await Promise.all([
      store.nodes.listNodes(record.id),
      store.nodes.listMachines(record.id),
      readPinnedContent(store.blobs, record.pins),
      provider.list(record.id),
      provider.inventory(),
    ]);
    const key = await clusterKey({ store, sealer: await openSealer(store) }, record);
    const deps = { table: store.nodes, clusterId: record.id, privateKey: key, access };
    const described: ExportedNode[] = [];
    for (const node of nodes) {
      const machine = machines.find((each) => each.nodeName === node.name && each.standing === 'current');
      const logIn = machine === undefined ? null : logInOf(await findTarget(deps, node.name));
      described.push(exportNode(node, { machine, logIn, listings, hosts }));
    }
    return { cluster: describe(record, { content, nodes, described }), key };
  });
}

function describe(
  record: ClusterRecord,
  given: {
    readonly content: PinnedContent;
    readonly nodes: readonly NodeRecord[];
    readonly described: readonly ExportedNode[];
  },
): ExportedCluster {
  const { content, nodes, described } = given;
  const { id, name, state, distro, provider, rehearsal, isProtected, epoch, createdAt } = record;
  const { home } = content;
  return {
    formatVersion: 1,
    ...{ id, name, state, distro, provider, rehearsal, isProtected, epoch },
    createdAt: new Date(createdAt).toISOString(),
    spec: specOf(record, content),
    groups: content.resolved.groups.map(({ size, ...group }) => ({
      ...{ name: group.name, roles: group.roles, count: group.count, ...size },
      ...{ swapMiB: group.swapMiB, dataDisksGiB: group.dataDisksGiB },
    })),
    nodes: described,
    endpoints: endpointsOf(nodes, content),
    mirror:
      home === null || home.mirrorUrl === null ? null : { url: home.mirrorUrl, caCertificate: home.caCertificate },
    ssh: { keyFile: join(folderOf(name), 'key'), knownHostsFile: join(folderOf(name), 'known_hosts') },
  };
}

/** With the name and the distro that the cluster has: whoever creates from it gets the same. */
function specOf(record: ClusterRecord, content: PinnedContent): Json {
  const source = pinnedSourceOf(content, record);
  const { spec } = parseClusterSpec(parseDocument(source.text, source.label));
  const { name, distro } = record;
  return JSON.parse(printClusterSpec({ ...spec, apiVersion: 'bde/v2', name, distro })) as Json;
}

function exportNode(
  node: NodeRecord,
  given: {
    readonly machine: MachineRecord | undefined;
    readonly logIn: ExportedLogIn | null;
    readonly listings: readonly MachineListing[];
    readonly hosts: readonly HostInventory[];
  },
): ExportedNode {
  const { machine, logIn, listings, hosts } = given;
  const { name, group, index, ordinal, roles, address, power, applied } = node;
  const host = listings.find(({ mark }) => mark.machineId === machine?.id)?.host ?? null;
  return {
    ...{ name, group, index, ordinal, roles, address, power, host },
    rack: hosts.find((each) => each.name === host)?.rack ?? null,
    machine: machine === undefined ? null : { id: machine.id, generation: machine.generation },
    ...{ logIn, applied },
  };
}

function logInOf({ sudo, jumps = [], ...endpoint }: NodeTarget): ExportedLogIn {
  return { ...endpointOf(endpoint), sudo: sudo !== undefined, jumps: jumps.map(endpointOf) };
}

function endpointOf({ address, port, user, hostKey }: SshEndpoint): ExportedEndpoint {
  const hostKeys = hostKey
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(0, 2).join(' '));
  return { address, port, user, hostKeys };
}
