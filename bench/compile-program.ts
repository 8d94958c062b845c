import { createHash } from 'node:crypto';
import { cookbookLayer, roleLayers } from '../src/cookbook/attribute-layers.js';
import { compileRun } from '../src/cookbook/compile-run.js';
import type { Cookbook } from '../src/cookbook/cookbook.js';
import { mergeAttributes } from '../src/cookbook/merge-attributes.js';
import { parseCookbook } from '../src/cookbook/parse-cookbook.js';
import type { Attributes, CompileInput, NodeView } from '../src/cookbook/types.js';
import { readCookbooks } from '../src/files/read-cookbooks.js';

/** The cookbooks of a folder, parsed once, as an operation does. */
export async function readShipped(folder: string): Promise<readonly Cookbook[]> {
  return (await readCookbooks([folder])).map(parseCookbook);
}

const MASTERS = ['basic', 'zookeeper', 'mesos_master'];
const SLAVES = ['basic', 'mesos_slave'];

/** Compiles every role of every node of a cluster with three masters; gives the number of runs. */
export function compileCluster(count: number, cookbooks: readonly Cookbook[]): number {
  const nodes = Array.from({ length: count }, (_, index) => nodeOf(index));
  const attributes = new Map([MASTERS, SLAVES].map((roles) => [roles, attributesOf(roles, cookbooks)]));
  const runs = nodes.flatMap((node) => node.roles.map((role) => ({ node, role })));
  for (const { node, role } of runs) {
    const own = attributes.get(node.group === 'master' ? MASTERS : SLAVES) ?? {};
    compileRun(inputOf({ node, nodes, role, attributes: own }), cookbooks);
  }
  return runs.length;
}

function attributesOf(roles: readonly string[], cookbooks: readonly Cookbook[]): Attributes {
  return mergeAttributes([cookbookLayer(cookbooks), ...roleLayers(cookbooks, roles)]).attributes;
}

function nodeOf(index: number): NodeView {
  const isMaster = index < 3;
  return {
    name: `c-${isMaster ? 'master' : 'slave'}-${String(index)}`,
    group: isMaster ? 'master' : 'slave',
    index,
    ordinal: index + 1,
    address: `10.${String(index >> 16)}.${String((index >> 8) & 255)}.${String(index & 255)}`,
    roles: isMaster ? MASTERS : SLAVES,
    cpuCount: 2,
    memoryMiB: 4096,
    dataDisks: [],
  };
}

const LOCKED = { zookeeper: 'zookeeper-3.8.4-1.noarch', mesos: 'mesos-1:1.11.0-2.x86_64' };

function inputOf(given: Pick<CompileInput, 'node' | 'nodes' | 'role' | 'attributes'>): CompileInput {
  return {
    ...given,
    members: given.nodes,
    cluster: { id: '01CLUSTER', name: 'c', distro: { name: 'mesos', version: '1.11' } },
    facts: {},
    lockedPackages: LOCKED,
    packageSources: {},
    mirror: { url: 'https://10.0.0.1:8443/c/01CLUSTER', caPath: '/etc/bde/ca.pem', repos: [] },
    secretMac: (name) => createHash('sha256').update(name).digest('hex'),
  };
}
