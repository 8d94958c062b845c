import { compilePackages, compilePackagesDigest, packageNames } from '../cookbook/compile-packages.js';
import { compileMembership, compileProbe } from '../cookbook/compile-probe.js';
import { compileRoleRun } from '../cookbook/compile-role-run.js';
import { compileRun, outlineRun } from '../cookbook/compile-run.js';
import { serviceUnits } from '../cookbook/compile-services.js';
import type { Cookbook } from '../cookbook/cookbook.js';
import { fillSecrets, secretToken } from '../cookbook/secret-token.js';
import type { CompiledRun, CompileInput, Json, NodeView, RunMemo } from '../cookbook/types.js';
import type { NodeName } from '../errors/ids.js';
import { Secret } from '../errors/secret.js';
import type { ResolvedCluster } from '../spec/resolved-cluster.js';
import { PACKAGES_KEY } from '../plan/desired.js';
import { nodeAttributes } from './attribute-layers.js';
import { trustBundle, type ClusterCertificates } from './certificates/cluster-certificates.js';
import { rememberCertificates } from './certificates/open-certificates.js';
import { subjectOf, whyCertify } from './certificates/why-certify.js';
import type { ClusterCompiler } from './cluster-compiler.js';
import type { EngineDependencies } from './context.js';
import { currentFacts } from './current-facts.js';
import { nodeViews, type ClusterViews } from './node-views.js';
import { openFormerSecrets, openSecrets } from './open-secrets.js';
import type { DistroInputs, PinnedHome } from './pins.js';
import { createRedactor } from './redact-secrets.js';
import type { ClusterRecord, FactRecord, MachineRecord, NodeRecord } from './ports/store.js';
import { lockedPackages, packageSources } from './prepare.js';
import { secretMac } from './secret-mac.js';

/** Stands for the HMAC of a value that is still to be made; a digest with it is not shown. */
const UNMADE = 'not made yet';

/** What compiling for one cluster sees. */
export interface CompilerParts {
  readonly deps: Pick<EngineDependencies, 'store' | 'sealer'>;
  readonly cluster: Pick<ClusterRecord, 'id' | 'name' | 'rehearsal'>;
  readonly resolved: ResolvedCluster;
  readonly distro: DistroInputs;
  readonly home: PinnedHome;
  readonly cookbooks: readonly Cookbook[];
  /** Those of the resolved cluster, and those that are leaving. */
  readonly nodes: readonly NodeRecord[];
  readonly machines: readonly MachineRecord[];
  /** Values of secret attributes that the store does not have yet; they go over those that it has. */
  readonly secrets?: ReadonlyMap<string, Secret>;
  /** Names of secrets whose values are to be made when what is compiled here is recorded. */
  readonly unmade?: ReadonlySet<string>;
}

/** Where machines keep the mirror's CA and package keys from their first boot on. */
const CA_PATH = '/etc/bde/ca.pem';
const KEY_FOLDER = '/etc/pki/rpm-gpg';

/** Compiles with the cluster's pinned inputs, its secrets, and the facts and members that are known when it is asked. */
export async function createClusterCompiler(parts: CompilerParts): Promise<ClusterCompiler> {
  const stored = await openSecrets(parts.deps, parts.cluster.id);
  const given: CompilerGround = {
    parts,
    secrets: new Map([...stored, ...(parts.secrets ?? [])]),
    former: await openFormerSecrets(parts.deps, parts.cluster.id),
    keys: new Map(),
    views: nodeViews(parts),
    attributes: new Map(),
    shared: sharedInput(parts),
  };
  const certificates = rememberCertificates(parts.deps, parts.cluster.id);
  return compilerOver(given, () => readKnown(given, certificates));
}

interface CompilerGround {
  readonly parts: CompilerParts;
  /** Grows by secret facts. */
  readonly secrets: Map<string, Secret>;
  /** Values that secrets had: some node may still have them, and tell them. */
  readonly former: readonly Secret[];
  /** Private keys of certificates, by the name of their secret: those of the nodes that were compiled for. */
  readonly keys: Map<string, Secret>;
  readonly views: ClusterViews;
  /** Merged once for all nodes of a group that bear the same roles. */
  readonly attributes: Map<string, CompileInput['attributes']>;
  /** The same for all nodes, as long as the cluster's pins are. */
  readonly shared: Pick<CompileInput, 'cluster' | 'lockedPackages' | 'packageSources' | 'mirror'>;
}

/** What may change while an operation runs. */
interface Known {
  readonly facts: CompileInput['facts'];
  readonly certificates: ClusterCertificates | null;
  /** Roles in whose service a node is, by name. */
  readonly memberOf: ReadonlyMap<string, readonly string[]>;
  /** Nodes that are in the service of a role, or bear it where none is yet; filled as roles are asked for. */
  readonly members: Map<string, RoleMembers>;
  readonly secretMac: CompileInput['secretMac'];
  /** What runs came to that were compiled with this. */
  readonly memo: RunMemo;
}

/** Those whom the files of a role may name as its members, and which ones they are. */
interface RoleMembers {
  readonly nodes: readonly NodeView[];
  readonly names: ReadonlySet<string>;
}

function compilerOver(ground: CompilerGround, read: () => Promise<Known>): ClusterCompiler {
  const { cookbooks } = ground.parts;
  const inputFor = async (node: NodeName, role: string): Promise<CompileInput> =>
    compileInput(ground, { node, role, known: await read() });
  return {
    converge: async (node, role) => compileRun(await inputFor(node, role), cookbooks),
    packages: async (node) => compilePackages(await inputFor(node, PACKAGES_KEY), cookbooks),
    outline: async (node, role) => outlineRun(await inputFor(node, role), cookbooks),
    digest: async (node, key) => {
      const input = await inputFor(node, key);
      return key === PACKAGES_KEY ? compilePackagesDigest(input, cookbooks) : outlineRun(input, cookbooks).digest;
    },
    packageNames: async (node, one) => {
      const input = await inputFor(node, PACKAGES_KEY);
      const roles = one === undefined ? input.node.roles : [one];
      return roles.flatMap((role) => packageNames({ ...input, role }, cookbooks));
    },
    probe: async (node, role, which) => compileProbe(await inputFor(node, role), cookbooks, which),
    membership: async (peer, role, { which, member }) => {
      const input = await inputFor(peer, role);
      return compileMembership(input, cookbooks, { which, member: ground.views.find(member) });
    },
    roleRun: async (node, role, order) => {
      const input = await inputFor(node, role);
      const backup = order.which === 'remove' ? {} : { backup: { directory: order.directory } };
      return compileRoleRun({ ...input, ...backup }, cookbooks, order.which);
    },
    units: async (node, role) => serviceUnits(await inputFor(node, role), cookbooks),
    whyCertify: async (node) => {
      const { certificates } = await read();
      return whyCertify(certificates, { name: node, subject: subjectOf(ground.views.find(node)) });
    },
    atOnce: async () => {
      const known = await read();
      return compilerOver(ground, () => Promise.resolve(known));
    },
    fillSecrets: (run) => fillSecrets(run.script, secretsOf(run, ground)),
    awaitsSecret: async (node, role) => {
      const { unmade } = ground.parts;
      if (unmade === undefined || unmade.size === 0) return false;
      return compileRun(await inputFor(node, role), cookbooks).secrets.some((name) => unmade.has(name));
    },
    redactor: (node) => createRedactor(secretsOnNode(node, ground)),
  };
}

/** Values by name; what is not there is said when it is filled in. */
function secretsOf(run: CompiledRun, { secrets, keys }: CompilerGround): ReadonlyMap<string, Secret> {
  return new Map(
    run.secrets.flatMap((name) => {
      const value = secrets.get(name) ?? keys.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** What a node may know. */
function secretsOnNode(node: NodeName, { secrets, former, keys }: CompilerGround): readonly Secret[] {
  const key = keys.get(keyName(node));
  return [...secrets.values(), ...former, ...(key === undefined ? [] : [key])];
}

function compileInput(
  ground: CompilerGround,
  given: { readonly node: NodeName; readonly role: string; readonly known: Known },
): CompileInput {
  const { keys, views, shared } = ground;
  const { role, known } = given;
  const node = views.find(given.node);
  const certificate = certificateOf(node, known, keys);
  // Field by field: spreading costs most of the time where ten thousand nodes are compiled.
  const input = {
    cluster: shared.cluster,
    lockedPackages: shared.lockedPackages,
    packageSources: shared.packageSources,
    mirror: shared.mirror,
    node,
    nodes: views.wanted,
    role,
    attributes: attributesOf(node, ground),
    facts: known.facts,
    members: membersOf(role, { node, views, known }),
    secretMac: known.secretMac,
    memo: known.memo,
  };
  // Packages have nothing to do with it, and so are alike on nodes that differ in theirs.
  return certificate === undefined || role === PACKAGES_KEY ? input : { ...input, certificate };
}

function sharedInput(parts: CompilerParts): CompilerGround['shared'] {
  const { resolved, cluster, home } = parts;
  const { name, version } = resolved.distro;
  return {
    cluster: { id: cluster.id, name: cluster.name, distro: { name, version } },
    lockedPackages: lockedPackages(home.locks),
    packageSources: packageSources(home.locks),
    mirror: mirrorOf(parts),
  };
}

/** Each is made once: what is compiled with the same facts sees the same secrets. */
function macsOf({ parts, secrets, keys }: CompilerGround): CompileInput['secretMac'] {
  const known = new Map<string, string>();
  return (name) => {
    if (parts.unmade?.has(name) === true) return UNMADE;
    const value = secrets.get(name) ?? keys.get(name);
    if (value === undefined) throw new TypeError(`the cluster has no secret ${name}`);
    const mac = known.get(name) ?? secretMac(parts.deps, parts.cluster.id, [name, value]);
    known.set(name, mac);
    return mac;
  };
}

function attributesOf(node: NodeView, { parts, attributes }: CompilerGround): CompileInput['attributes'] {
  const key = `${node.group} ${node.roles.join(' ')}`;
  const found = attributes.get(key) ?? nodeAttributes(parts, node).attributes;
  attributes.set(key, found);
  return found;
}

function certificateOf(
  { name }: Pick<NodeView, 'name'>,
  { certificates }: Known,
  keys: Map<string, Secret>,
): CompileInput['certificate'] {
  const own = certificates?.nodes[name as NodeName];
  if (certificates === null || own === undefined) return undefined;
  const { certificate, key } = own;
  const keySecret = keyName(name);
  keys.set(keySecret, key);
  return { authorities: trustBundle(certificates), certificate, keySecret };
}

function keyName(node: string): string {
  return `certificate-key/${node}`;
}

function membersOf(
  role: string,
  { node, views, known }: { readonly node: NodeView; readonly views: ClusterViews; readonly known: Known },
): readonly NodeView[] {
  const members = known.members.get(role) ?? roleMembers(role, views, known);
  known.members.set(role, members);
  const { nodes, names } = members;
  if (names.size === 0 || names.has(node.name)) return nodes;
  return [...views.wanted, ...views.leaving].filter(({ name }) => names.has(name) || name === node.name);
}

/** No names where nobody is in its service yet. */
function roleMembers(role: string, views: ClusterViews, { memberOf }: Known): RoleMembers {
  const all = [...views.wanted, ...views.leaving];
  const members = all.filter(({ name }) => memberOf.get(name)?.includes(role) ?? false);
  const nodes = members.length > 0 ? members : views.wanted.filter(({ roles }) => roles.includes(role));
  return { nodes, names: new Set(members.map(({ name }) => name)) };
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

async function readKnown(
  ground: CompilerGround,
  readCertificates: () => Promise<ClusterCertificates | null>,
): Promise<Known> {
  const { parts, secrets } = ground;
  const nodes = await parts.deps.store.nodes.listNodes(parts.cluster.id);
  return {
    facts: await readFacts(parts, secrets),
    certificates: await readCertificates(),
    memberOf: new Map(nodes.map(({ name, memberOf }) => [name, memberOf])),
    members: new Map(),
    secretMac: macsOf(ground),
    memo: new Map(),
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
