import type { BdeError } from '../errors/bde-error.js';
import type { ClusterSpec } from '../spec/cluster-spec.js';
import type { SpecSource } from '../spec/spec-source.js';
import { attributeFinding } from './attribute-problem.js';
import { checkAttributes } from './check-attributes.js';
import type { Cookbook } from './cookbook.js';
import type { Attributes } from './types.js';

/** Everything in the `configuration` of a spec and of its groups that no cookbook declares so, in the order of the file. */
export function checkConfiguration(
  spec: Pick<ClusterSpec, 'configuration' | 'groups'>,
  source: SpecSource,
  cookbooks: readonly Cookbook[],
): readonly BdeError[] {
  const check = (attributes: Attributes, below: readonly (string | number)[]): readonly BdeError[] =>
    checkAttributes(cookbooks, attributes).map((problem) => {
      const path = [...below, ...problem.path];
      return source.finding(path, attributeFinding(problem, source.file, source.sourceOf(path)), problem.part);
    });
  const findings = [
    ...check(spec.configuration, ['configuration']),
    ...spec.groups.flatMap((group, index) => check(group.configuration, ['nodeGroups', index, 'configuration'])),
  ];
  return findings.sort(byPlace);
}

/** The normal form of a spec keeps no order of its keys. */
function byPlace({ subject: one }: BdeError, { subject: other }: BdeError): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
