import type { BdeError } from '../errors/bde-error.js';
import type { ClusterSpec, NodeGroupSpec, SpecWarning } from './cluster-spec.js';
import { didYouMean } from './document/nearest-name.js';
import type { FindingText } from './document/finding.js';
import type { DocumentPath } from './document/source-tree.js';
import { findIgnoredFields } from './ignored-fields.js';
import type { SpecSource } from './spec-source.js';

/** What is wrong with a spec beyond its schema, and what is worth telling; both complete, neither hides the other. */
export interface RuleResult {
  readonly findings: readonly BdeError[];
  readonly warnings: readonly SpecWarning[];
}

/** The rules that need nothing but the spec (BDE's, without its slips). */
export function checkSpecRules(spec: ClusterSpec, source: SpecSource): RuleResult {
  const findings = spec.groups.flatMap((group, index) => {
    const report: Report = (path, message, hint) =>
      source.finding(['nodeGroups', index, ...path], { ...text(message, hint), subject: { group: group.name } });
    return GROUP_RULES.flatMap((rule) => rule(group, spec, report));
  });
  return { findings, warnings: [...spec.groups.flatMap(warnOfEmptyGroup), ...findIgnoredFields(spec)] };
}

type Report = (path: DocumentPath, message: string, hint?: string) => BdeError;

type GroupRule = (group: NodeGroupSpec, spec: ClusterSpec, report: Report) => readonly BdeError[];

const GROUP_RULES: readonly GroupRule[] = [
  checkUniqueName,
  checkSize,
  checkInstancesPerHost,
  checkRacks,
  checkAssociation,
  checkFaultTolerance,
  checkLatency,
];

/** Node names are in lower case: `Master` and `master` would name the same nodes. */
function checkUniqueName(group: NodeGroupSpec, { groups }: ClusterSpec, report: Report): readonly BdeError[] {
  const first = groups.find((other) => other.name.toLowerCase() === group.name.toLowerCase());
  if (first === group || first === undefined) return [];
  const others = first.name === group.name ? 'another group' : `the group "${first.name}", upper and lower case aside`;
  return [report(['name'], `the name "${group.name}" belongs to ${others}`, 'Give every group a name of its own.')];
}

function checkSize(group: NodeGroupSpec, _spec: ClusterSpec, report: Report): readonly BdeError[] {
  if (group.sizeName !== null) return [];
  const missing = [group.cpuCount === null && '"cpuNum"', group.memoryMiB === null && '"memCapacityMB"'].filter(
    Boolean,
  );
  if (missing.length === 0) return [];
  const hint = 'Name a size with "instanceType", or give both "cpuNum" and "memCapacityMB".';
  return [report([], `group ${group.name} has no "instanceType" and lacks ${missing.join(' and ')}`, hint)];
}

function checkInstancesPerHost(group: NodeGroupSpec, _spec: ClusterSpec, report: Report): readonly BdeError[] {
  const perHost = group.placement.instancesPerHost;
  if (perHost === null || group.count % perHost === 0) return [];
  const message = `instancePerHost ${perHost} does not divide the ${group.count} nodes of group ${group.name}`;
  return [report(['placementPolicies', 'instancePerHost'], message)];
}

function checkRacks(group: NodeGroupSpec, _spec: ClusterSpec, report: Report): readonly BdeError[] {
  const racks = group.placement.racks;
  if (racks?.type !== 'SAMERACK' || racks.racks.length === 1) return [];
  const message = `SAMERACK of group ${group.name} takes exactly one rack, and ${racks.racks.length} are named`;
  return [report(['placementPolicies', 'groupRacks', 'racks'], message)];
}

function checkAssociation(group: NodeGroupSpec, { groups }: ClusterSpec, report: Report): readonly BdeError[] {
  const association = group.placement.association;
  if (association === null) return [];
  const place = ['placementPolicies', 'groupAssociations', 0, 'reference'];
  const target = groups.find(({ name }) => name === association.group);
  if (target === undefined) {
    const names = groups.map(({ name }) => name);
    const message = `there is no group "${association.group}"${didYouMean(association.group, names)}`;
    return [report(place, message, `Name one of: ${names.join(', ')}.`)];
  }
  if (target === group) return [report(place, `group ${group.name} is associated with itself`)];
  if (target.placement.association !== null) {
    return [report(place, `group ${target.name} has an association of its own, so none may refer to it`)];
  }
  return checkStrictHosts(group, target, report);
}

/** Under STRICT the nodes of a group fit on the hosts of the other one. */
function checkStrictHosts(group: NodeGroupSpec, target: NodeGroupSpec, report: Report): readonly BdeError[] {
  if (group.placement.association?.type !== 'STRICT') return [];
  const here = group.placement.instancesPerHost === null ? 1 : group.count / group.placement.instancesPerHost;
  const there =
    target.placement.instancesPerHost === null ? target.count : target.count / target.placement.instancesPerHost;
  if (here <= there) return [];
  const message = `group ${group.name} needs ${here} hosts, and the STRICT association gives it the ${there} of group ${target.name}`;
  return [report(['placementPolicies', 'groupAssociations', 0], message)];
}

function checkFaultTolerance(group: NodeGroupSpec, _spec: ClusterSpec, report: Report): readonly BdeError[] {
  if (group.ha !== 'ft') return [];
  const cpus = group.cpuCount ?? 1;
  return [
    ...(cpus > 1 ? [report(['haFlag'], `"ft" allows 1 CPU, and group ${group.name} has ${cpus}`)] : []),
    ...(group.storage?.type === 'LOCAL'
      ? [report(['haFlag'], `"ft" needs SHARED storage, and group ${group.name} has LOCAL`)]
      : []),
  ];
}

function checkLatency(group: NodeGroupSpec, _spec: ClusterSpec, report: Report): readonly BdeError[] {
  const latency = group.carried['latencySensitivity'];
  const reserved = group.carried['reservedMemRatio'] ?? 0;
  if (typeof latency !== 'string' || latency.toUpperCase() !== 'HIGH' || reserved === 1) return [];
  const message = `latencySensitivity HIGH of group ${group.name} needs reservedMemRatio 1, not ${JSON.stringify(reserved)}`;
  return [report(['latencySensitivity'], message)];
}

function warnOfEmptyGroup({ name, count }: NodeGroupSpec): readonly SpecWarning[] {
  if (count > 0) return [];
  return [{ code: 'GROUP_EMPTY', message: `group ${name} has no nodes: its instanceNum is 0` }];
}

function text(message: string, hint: string | undefined): FindingText {
  return { code: 'FIELD_INVALID', message, hint };
}
