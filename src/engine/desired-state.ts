import type { Digest, NodeName } from '../errors/ids.js';
import { isNodeCertificate } from '../cookbook/resources/node-certificate.js';
import type { Role } from '../cookbook/types.js';
import { PACKAGES_KEY, type Desired, type DesiredNode, type PlannedRole } from '../plan/desired.js';
import type { ClusterRecord } from './ports/store.js';
import type { ClusterCompiler } from './cluster-compiler.js';
import type { EngineDependencies } from './context.js';
import { currentFacts } from './current-facts.js';
import type { Workspace } from './workspace.js';

/** The role that every node bears and that converges first: names, trust, package repos. */
export const BASE_ROLE = 'basic';

/** The digest of a node's packages: null where nobody knows it yet, undefined where it needs none. */
export type PackagesDigest = (compiler: ClusterCompiler, node: NodeName) => Promise<Digest | null | undefined>;

const LOCKED: PackagesDigest = async (compiler, node) => (await compiler.digest(node, PACKAGES_KEY)) ?? undefined;

/** What the pinned inputs ask for, compiled with what is known now. */
export async function desiredState(
  workspace: Workspace,
  facts: KnownFacts,
  packagesOf: PackagesDigest = LOCKED,
): Promise<Desired> {
  const compiler = await workspace.compiler.atOnce();
  const nodes: DesiredNode[] = [];
  for (const { name, roles: borne } of workspace.resolved.nodes) {
    const roles = withBase(borne);
    const { digests, laying } = await digestsOf({ name, roles }, { workspace, compiler, facts, packagesOf });
    const { size, swapMiB, dataDisksGiB } = workspace.shapeOf(name);
    nodes.push({
      name,
      roles,
      digests,
      power: workspace.nodeRecord(name).power,
      shape: { size, swapMiB, dataDisksGiB },
      ...(laying.length === 0 ? {} : { certificate: { keys: laying, why: await compiler.whyCertify(name) } }),
    });
  }
  return { nodes, roles: rolesFor(nodes, workspace) };
}

/** Every role that a node bears, bore or has in its service, as far as the cookbooks have it. */
function rolesFor(nodes: readonly DesiredNode[], { roles, records }: Workspace): readonly PlannedRole[] {
  const borne = nodes.flatMap((node) => node.roles);
  const bore = records.flatMap((node) => [...withBase(node.roles), ...Object.keys(node.applied), ...node.memberOf]);
  return [...new Set([...borne, ...bore])].flatMap((name) => {
    const role = roles.get(name);
    return role === undefined ? [] : [plannedRole(role, roles)];
  });
}

/** A role as planning sees it, among all roles of the cookbooks. */
export function plannedRole(role: Role, roles: ReadonlyMap<string, Role>): PlannedRole {
  const { membership, update, cardinality } = role;
  return {
    name: role.name,
    requires: role.requires,
    factsFrom: factSources(role, roles).filter((name) => name !== role.name),
    names: [...new Set([...role.requires, ...role.reads])],
    hasReadyProbe: role.ready !== null,
    isAnyEnough: role.ready?.scope === 'any',
    hasAcceptance: role.acceptance !== null,
    update: { maxUnavailable: update.maxUnavailable, quorum: cardinality.quorum },
    data: role.data?.scope ?? null,
    can: {
      join: membership.join !== null,
      leave: membership.leave !== null,
      drain: membership.drain !== null,
      undrain: membership.undrain !== null,
      remove: membership.remove !== null,
    },
  };
}

/** The roles that export facts and that this one's files may read, itself included where it reads its peers. */
export function factSources(role: Role, roles: ReadonlyMap<string, Role>): readonly string[] {
  const read = [...new Set([...role.requires, ...role.reads])];
  return read.filter((name) => Object.keys(roles.get(name)?.facts ?? {}).length > 0);
}

/** The roles of a node, the base role first. */
export function withBase(roles: readonly string[]): readonly string[] {
  return [BASE_ROLE, ...roles.filter((role) => role !== BASE_ROLE)];
}

/** Says whether every fact that a role's templates may read is known. */
export type KnownFacts = (role: Role) => boolean;

interface NodeDigests {
  readonly digests: Readonly<Record<string, Digest | null>>;
  /** Keys whose runs lay the node's certificate; of one that is not known yet, nothing is known. */
  readonly laying: readonly string[];
}

async function digestsOf(
  node: { readonly name: NodeName; readonly roles: readonly string[] },
  given: {
    readonly workspace: Workspace;
    readonly compiler: ClusterCompiler;
    readonly facts: KnownFacts;
    readonly packagesOf: PackagesDigest;
  },
): Promise<NodeDigests> {
  const { workspace, compiler, facts, packagesOf } = given;
  const digests: Record<string, Digest | null> = {};
  const laying: string[] = [];
  for (const role of node.roles) {
    const isKnown = facts(workspace.role(role));
    const isAwaiting = isKnown && (await compiler.awaitsSecret(node.name, role));
    const outline = isKnown ? await compiler.outline(node.name, role) : null;
    digests[role] = isAwaiting ? null : (outline?.digest ?? null);
    if (outline?.resources.some(isNodeCertificate) === true) laying.push(role);
  }
  const packages = await packagesOf(compiler, node.name);
  if (packages !== undefined) digests[PACKAGES_KEY] = packages;
  return { digests, laying };
}

/** Which facts the store has, as a question about a role: all that the roles it reads declare, from each of their nodes. */
export async function knownFacts(
  deps: Pick<EngineDependencies, 'store'>,
  cluster: Pick<ClusterRecord, 'id'>,
  workspace: Workspace,
): Promise<KnownFacts> {
  const stored = await currentFacts(deps.store, cluster.id);
  const keys = new Set(stored.map(({ node, role, name }) => `${node}/${role}/${name}`));
  return (role) =>
    factSources(role, workspace.roles).every((name) => {
      const names = Object.keys(workspace.roles.get(name)?.facts ?? {});
      const bearers = workspace.resolved.nodes.filter((node) => node.roles.includes(name));
      return bearers.every((node) => names.every((fact) => keys.has(`${node.name}/${name}/${fact}`)));
    });
}
