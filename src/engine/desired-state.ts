import type { Digest, NodeName } from '../errors/ids.js';
import type { Role } from '../cookbook/types.js';
import { PACKAGES_KEY, type Desired, type DesiredNode, type Observed, type PlannedRole } from '../plan/plan-cluster.js';
import type { ClusterRecord } from './ports/store.js';
import type { EngineDependencies } from './context.js';
import { currentFacts } from './current-facts.js';
import type { Workspace } from './workspace.js';

/** The role that every node bears and that converges first: names, trust, package repos. */
export const BASE_ROLE = 'basic';

/** What the pinned inputs ask for, compiled with what is known now. */
export async function desiredState(workspace: Workspace, facts: KnownFacts): Promise<Desired> {
  const nodes: DesiredNode[] = [];
  for (const node of workspace.resolved.nodes) {
    const roles = withBase(node.roles);
    nodes.push({ name: node.name, roles, digests: await digestsOf(node.name, roles, { workspace, facts }) });
  }
  const borne = [...new Set(nodes.flatMap((node) => node.roles))].map((name) => workspace.role(name));
  return { nodes, roles: borne.map((role) => plannedRole(role, workspace.roles)) };
}

/** A role as planning sees it, among all roles of the cookbooks. */
export function plannedRole(role: Role, roles: ReadonlyMap<string, Role>): PlannedRole {
  return {
    name: role.name,
    requires: role.requires,
    factsFrom: factSources(role, roles).filter((name) => name !== role.name),
    hasReadyProbe: role.ready !== null,
    hasAcceptance: role.acceptance !== null,
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

async function digestsOf(
  node: NodeName,
  roles: readonly string[],
  given: { readonly workspace: Workspace; readonly facts: KnownFacts },
): Promise<Readonly<Record<string, Digest | null>>> {
  const { workspace, facts } = given;
  const digests: Record<string, Digest | null> = {};
  for (const role of roles) {
    const known = facts(workspace.role(role));
    digests[role] = known ? (await workspace.compiler.converge(node, role)).digest : null;
  }
  const packages = await workspace.compiler.packages(node);
  if (packages !== null) digests[PACKAGES_KEY] = packages.digest;
  return digests;
}

/** Which facts the store has, as a question about a role: all that the roles it reads declare, from each of their nodes. */
export async function knownFacts(
  deps: Pick<EngineDependencies, 'store'>,
  cluster: ClusterRecord,
  workspace: Workspace,
): Promise<KnownFacts> {
  const stored = await currentFacts(deps.store, cluster.id);
  const has = (node: string, role: string, name: string): boolean =>
    stored.some((fact) => fact.node === node && fact.role === role && fact.name === name);
  return (role) =>
    factSources(role, workspace.roles).every((name) => {
      const names = Object.keys(workspace.roles.get(name)?.facts ?? {});
      const bearers = workspace.resolved.nodes.filter((node) => node.roles.includes(name));
      return bearers.every((node) => names.every((fact) => has(node.name, name, fact)));
    });
}

/** One look at the world at depth `inventory`: the provider's machines beside what the store recorded as applied. */
export async function observeInventory(
  deps: Pick<EngineDependencies, 'store' | 'provider'>,
  cluster: Pick<ClusterRecord, 'id'>,
): Promise<Observed> {
  const [listings, machines, nodes] = await Promise.all([
    deps.provider.provider.list(cluster.id),
    deps.store.nodes.listMachines(cluster.id),
    deps.store.nodes.listNodes(cluster.id),
  ]);
  const current = new Set(machines.filter((each) => each.standing === 'current').map((each) => each.id));
  const listed = listings.map(({ mark, state }) => ({
    machineId: mark.machineId,
    node: mark.nodeName,
    generation: mark.generation,
    state,
    current: current.has(mark.machineId),
  }));
  const absent = machines
    .filter((each) => !listings.some(({ mark }) => mark.machineId === each.id))
    .map(({ id, nodeName, generation }) => ({
      machineId: id,
      node: nodeName,
      generation,
      state: 'absent' as const,
      current: current.has(id),
    }));
  return {
    machines: [...listed, ...absent],
    applied: Object.fromEntries(nodes.map((node) => [node.name, node.applied])),
  };
}
