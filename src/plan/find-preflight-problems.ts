import { BdeError } from '../errors/bde-error.js';
import type { ResolvedCluster, ResolvedGroup } from '../spec/resolved-cluster.js';
import { allocateAddresses, type AddressPool } from './allocate-addresses.js';
import { placementHosts, type InventoryHost } from './placement-hosts.js';
import { diskOfNode, placeNodes, type UnplacedNode } from './place-nodes.js';

/** A repo of the distro and the packages it declares but does not have. */
export interface RepoState {
  readonly name: string;
  /** Null where there is no such repo. */
  readonly missing: readonly string[] | null;
  /** Folders that it was looked for in. */
  readonly folders: readonly string[];
}

/** All that is looked at before anything is made. */
export interface PreflightInput {
  readonly cluster: ResolvedCluster;
  /** Minimum memory by role, MiB. */
  readonly roleMinimumsMiB: ReadonlyMap<string, number>;
  /** True where the provider gives memory away for good; else it is a cap that may be overcommitted. */
  readonly memoryIsReserved: boolean;
  readonly hosts: readonly InventoryHost[];
  readonly pool: AddressPool | null;
  readonly hostLacks: readonly { readonly what: string; readonly hint: string }[];
  readonly repos: readonly RepoState[];
  readonly rehearsal: boolean;
}

/** All findings at once. `problems` stop the operation, `warnings` do not. */
export interface PreflightFindings {
  readonly problems: readonly BdeError[];
  readonly warnings: readonly string[];
}

/** Looks at everything an operation needs and says what is missing, with what was asked, what is there and what is short. */
export function findPreflightProblems(input: PreflightInput): PreflightFindings {
  const placement = placementFindings(input);
  return {
    problems: [
      ...input.hostLacks.map(({ what, hint }) => problem(`This host lacks ${what}.`, hint)),
      ...input.cluster.groups.flatMap((group) => nodeTooSmall(group, input)),
      ...memoryProblems(input),
      ...diskProblems(input),
      ...placement.problems,
      ...addressProblems(input),
      ...packageProblems(input),
    ],
    warnings: [...memoryWarnings(input), ...placement.warnings, ...closedHosts(input)],
  };
}

function nodeTooSmall(group: ResolvedGroup, input: PreflightInput): readonly BdeError[] {
  const needed = minimumOf(group, input);
  if (needed <= group.size.memoryMiB) return [];
  return [
    problem(
      `The nodes of group ${group.name} have ${mib(group.size.memoryMiB)}, their roles (${group.roles.join(', ')}) need at ` +
        `least ${mib(needed)} together: short by ${mib(needed - group.size.memoryMiB)} each.`,
      `Give the group a larger instanceType or memCapacityMB, or move roles to another group.`,
    ),
  ];
}

function memoryProblems(input: PreflightInput): readonly BdeError[] {
  const asked = input.memoryIsReserved ? totalMemory(input) : totalMinimum(input);
  const free = sum(input.hosts.map((host) => host.memoryFreeMiB));
  if (asked <= free) return [];
  const what = input.memoryIsReserved ? 'The nodes ask for' : "The nodes' roles need at least";
  return [
    problem(
      `${what} ${mib(asked)} of memory, ${mib(free)} are free on ${hostNames(input)}: short by ${mib(asked - free)}.`,
      'Make fewer or smaller nodes, or free memory on the hosts.',
    ),
  ];
}

function memoryWarnings(input: PreflightInput): readonly string[] {
  const capped = totalMemory(input);
  const free = sum(input.hosts.map((host) => host.memoryFreeMiB));
  if (input.memoryIsReserved || capped <= free) return [];
  return [
    `The nodes may use up to ${mib(capped)} of memory together, ${mib(free)} are free on ${hostNames(input)}: ` +
      `overcommitted by ${mib(capped - free)}.`,
  ];
}

function diskProblems(input: PreflightInput): readonly BdeError[] {
  const asked = sum(input.cluster.groups.map((group) => group.count * diskOfNode(group)));
  const free = sum(input.hosts.map((host) => host.diskFreeMiB));
  if (asked <= free) return [];
  return [
    problem(
      `The nodes' data and swap disks ask for ${mib(asked)}, ${mib(free)} are free on ${hostNames(input)}: short by ` +
        `${mib(asked - free)}.`,
      'Lower storage.sizeGB or swapRatio, make fewer nodes, or free disk space.',
    ),
  ];
}

/** What totals cannot see: nodes that fit on no single host, and policies that the hosts cannot keep. */
function placementFindings(input: PreflightInput): PreflightFindings {
  const hosts = placementHosts(input.hosts, input.memoryIsReserved);
  const { unplaced } = placeNodes(input.cluster, hosts);
  const sentences = input.cluster.groups.flatMap((group) => {
    const nodes = unplaced.filter((node) => node.group === group.name);
    const [first] = nodes;
    return first === undefined ? [] : [{ text: unplacedText(group, first, nodes.length), reason: first.reason }];
  });
  // On the one host of a test bed spreading cannot be kept, and is no reason not to run.
  const isBinding = ({ reason }: { readonly reason: UnplacedNode['reason'] }): boolean =>
    hosts.length > 1 || !SPREADING.has(reason);
  const totalsFail = memoryProblems(input).length + diskProblems(input).length > 0;
  return {
    problems: totalsFail
      ? []
      : sentences.filter(isBinding).map(({ text }) => problem(text, 'Add hosts, or change the group in the spec.')),
    warnings: sentences.filter((sentence) => !isBinding(sentence)).map(({ text }) => text),
  };
}

/** Reasons that come of how the spec wants its nodes spread. */
const SPREADING: ReadonlySet<UnplacedNode['reason']> = new Set(['instances-per-host', 'association']);

/** A host that takes nothing now is not in the way of those that do. */
function closedHosts({ hosts }: PreflightInput): readonly string[] {
  return hosts.flatMap(({ name, closed }) => (closed === undefined ? [] : [`host ${name} is left out: ${closed}`]));
}

function unplacedText(group: ResolvedGroup, first: UnplacedNode, count: number): string {
  const nodes = `${String(count)} of the ${String(group.count)} nodes of group ${group.name}`;
  switch (first.reason) {
    case 'memory':
    case 'disk':
      return `${nodes} fit on no host: the best one is short by ${mib(first.shortMiB)} of ${first.reason}.`;
    case 'instances-per-host':
      return `${nodes} find no host under placementPolicies.instancePerHost ${String(group.placement.instancesPerHost)}.`;
    case 'association':
      return `${nodes} find no host that carries group ${group.placement.association?.group ?? ''}, as placementPolicies asks.`;
    case 'cpu':
      return `${nodes} find no free host with ${String(group.size.cpuCount)} CPUs.`;
    case 'hosts-taken':
      return `${nodes} find no free host: each carries one node.`;
    case 'no-host':
      return `${nodes} find no host: the provider has none.`;
  }
}

function addressProblems(input: PreflightInput): readonly BdeError[] {
  if (input.pool === null) return [];
  try {
    allocateAddresses(input.pool, input.cluster.nodes.length);
    return [];
  } catch (error) {
    if (error instanceof BdeError) return [error];
    throw error;
  }
}

function packageProblems(input: PreflightInput): readonly BdeError[] {
  if (input.rehearsal) return [];
  return input.repos
    .filter(({ missing }) => missing === null || missing.length > 0)
    .map(({ name, missing, folders }) => (missing === null ? unknownRepo(name, folders) : lacking(name, missing)));
}

function unknownRepo(name: string, folders: readonly string[]): BdeError {
  const looked = folders.map((folder) => `${folder}/${name}/repo.yaml`).join(' or ');
  return problem(
    `The distro names the package repo ${name}, and there is none.`,
    `Write ${looked}, or name the folder that has ${name}/repo.yaml with --repos.`,
  );
}

function lacking(name: string, missing: readonly string[]): BdeError {
  return problem(
    `The package repo ${name} lacks ${missing.join(', ')}, and nothing here can build them.`,
    `Put the RPMs into repos/${name}/packages/ and run bde repo build ${name}; or rehearse with stand-ins: --rehearse.`,
  );
}

function totalMemory(input: PreflightInput): number {
  return sum(input.cluster.groups.map((group) => group.count * group.size.memoryMiB));
}

function totalMinimum(input: PreflightInput): number {
  return sum(input.cluster.groups.map((group) => group.count * minimumOf(group, input)));
}

function minimumOf(group: ResolvedGroup, input: PreflightInput): number {
  return sum(group.roles.map((role) => input.roleMinimumsMiB.get(role) ?? 0));
}

function hostNames(input: PreflightInput): string {
  return input.hosts.map((host) => host.name).join(', ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mib(value: number): string {
  return `${String(Math.ceil(value))} MiB`;
}

function problem(message: string, hint: string): BdeError {
  return new BdeError('PREFLIGHT_FAILED', message, { hint });
}
