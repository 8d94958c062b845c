import { compilePackages, packageNames } from '../cookbook/compile-packages.js';
import { compileProbe } from '../cookbook/compile-probe.js';
import { compileRun } from '../cookbook/compile-run.js';
import type { Cookbook } from '../cookbook/cookbook.js';
import { fillSecrets, secretToken } from '../cookbook/secret-token.js';
import type { CompileInput, Json, NodeView } from '../cookbook/types.js';
import type { NodeName } from '../errors/ids.js';
import { Secret } from '../errors/secret.js';
import type { ResolvedCluster, ResolvedNode } from '../spec/resolved-cluster.js';
import { nodeAttributes } from './attribute-layers.js';
import type { ClusterCompiler } from './cluster-compiler.js';
import type { EngineDependencies } from './context.js';
import { currentFacts } from './current-facts.js';
import { withBase } from './desired-state.js';
import { openSecrets } from './open-secrets.js';
import type { DistroInputs, PinnedHome } from './pins.js';
import { createRedactor } from './redact-secrets.js';
import type { ClusterRecord, FactRecord, NodeRecord } from './ports/store.js';
import { lockedPackages, packageSources } from './prepare.js';

/** What compiling for one cluster sees. */
export interface CompilerParts {
  readonly deps: Pick<EngineDependencies, 'store' | 'sealer'>;
  readonly cluster: Pick<ClusterRecord, 'id' | 'name' | 'rehearsal'>;
  readonly resolved: ResolvedCluster;
  readonly distro: DistroInputs;
  readonly home: PinnedHome;
  readonly cookbooks: readonly Cookbook[];
  readonly nodes: readonly NodeRecord[];
  /** Values of secret attributes of a cluster that the store does not have yet. */
  readonly secrets?: ReadonlyMap<string, Secret>;
}

/** Where machines keep the mirror's CA and package keys from their first boot on. */
const CA_PATH = '/etc/bde/ca.pem';
const KEY_FOLDER = '/etc/pki/rpm-gpg';

/** Compiles with the cluster's pinned inputs, its secrets, and the facts that are known when it is asked. */
export async function createClusterCompiler(parts: CompilerParts): Promise<ClusterCompiler> {
  const secrets = new Map(parts.secrets ?? (await openSecrets(parts.deps, parts.cluster.id)));
  const views = parts.resolved.nodes.map((node) => viewOf(node, parts));
  const inputFor = async (node: NodeName, role: string): Promise<CompileInput> => {
    const facts = await readFacts(parts, secrets);
    return compileInput(parts, { node, role, facts, secrets, views });
  };
  return {
    converge: async (node, role) => compileRun(await inputFor(node, role), parts.cookbooks),
    packages: async (node) => compilePackages(await inputFor(node, 'packages'), parts.cookbooks),
    packageNames: async (node) => {
      const input = await inputFor(node, 'packages');
      return input.node.roles.flatMap((role) => packageNames({ ...input, role }, parts.cookbooks));
    },
    probe: async (node, role, which) => compileProbe(await inputFor(node, role), parts.cookbooks, which),
    fillSecrets: (run) => fillSecrets(run.script, secrets),
    redactor: () => createRedactor(secrets.values()),
  };
}

interface InputParts {
  readonly node: NodeName;
  readonly role: string;
  readonly facts: CompileInput['facts'];
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly views: readonly NodeView[];
}

function compileInput(parts: CompilerParts, given: InputParts): CompileInput {
  const { resolved, home, cluster } = parts;
  const { views } = given;
  const node = views.find((each) => each.name === given.node);
  if (node === undefined) throw new TypeError(`the resolved cluster has no node ${given.node}`);
  return {
    cluster: {
      id: cluster.id,
      name: cluster.name,
      distro: { name: resolved.distro.name, version: resolved.distro.version },
    },
    node,
    nodes: views,
    role: given.role,
    attributes: nodeAttributes(parts, node).attributes,
    facts: given.facts,
    lockedPackages: lockedPackages(home.locks),
    packageSources: packageSources(home.locks),
    mirror: mirrorOf(parts),
    secretMac: (name) => {
      const value = given.secrets.get(name);
      if (value === undefined) throw new TypeError(`the cluster has no secret ${name}`);
      return parts.deps.sealer.mac(`cluster/${cluster.id}/${name}`, value);
    },
  };
}

function viewOf(node: ResolvedNode, { resolved, nodes }: CompilerParts): NodeView {
  const group = resolved.groups.find((each) => each.name === node.group);
  const record = nodes.find((each) => each.name === node.name);
  if (group === undefined || record === undefined) throw new TypeError(`the node ${node.name} has no group or record`);
  return {
    name: node.name,
    group: node.group,
    index: node.index,
    ordinal: node.ordinal,
    address: record.address,
    roles: withBase(node.roles),
    cpuCount: group.size.cpuCount,
    memoryMiB: group.size.memoryMiB,
    dataDisks: group.dataDisksGiB.map((_, index) => `/data/${String(index)}`),
  };
}

function mirrorOf({ home, cluster }: CompilerParts): CompileInput['mirror'] {
  if (home.mirrorUrl === null) return null;
  return {
    url: `${home.mirrorUrl}/c/${cluster.id}`,
    caPath: CA_PATH,
    repos: home.locks.map((lock) => ({
      name: lock.repo,
      gpgKeyPath: `${KEY_FOLDER}/RPM-GPG-KEY-bde${lock.rehearsal ? '-rehearsal' : ''}`,
    })),
  };
}

/** Facts that are known now; secret ones are placeholders, whose values go to the secrets. */
async function readFacts(parts: CompilerParts, secrets: Map<string, Secret>): Promise<CompileInput['facts']> {
  const { store, sealer } = parts.deps;
  const facts: Record<string, Record<string, Record<string, Json>>> = {};
  for (const fact of await currentFacts(store, parts.cluster.id)) {
    const name = `fact/${fact.role}/${fact.node}/${fact.name}`;
    if (fact.secret) secrets.set(name, await openFact(fact, sealer));
    ((facts[fact.role] ??= {})[fact.node] ??= {})[fact.name] = fact.secret ? secretToken(name) : (fact.value as Json);
  }
  return facts;
}

async function openFact(fact: FactRecord, sealer: EngineDependencies['sealer']): Promise<Secret> {
  const json = (await sealer.open(String(fact.value))).reveal();
  const value: unknown = JSON.parse(json);
  return new Secret(typeof value === 'string' ? value : json);
}
