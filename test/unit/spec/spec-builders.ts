import { BdeError } from '../../../src/errors/bde-error.js';
import { parseClusterName } from '../../../src/spec/cluster-name.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { overrideDocument } from '../../../src/spec/override-document.js';
import { parseClusterSpec, type ReadSpec } from '../../../src/spec/parse-cluster-spec.js';
import type { ResolveInput, RoleRules } from '../../../src/spec/resolve-input.js';

/** A spec read from text, with `--set` values put in. */
export function readSpec(text: string, assignments: readonly string[] = [], file = 'spec.json'): ReadSpec {
  return parseClusterSpec(overrideDocument(parseDocument(text, file), assignments));
}

/** A spec of these groups, each on its own line from line 2 on. */
export function specOf(...groups: readonly object[]): string {
  return `{"apiVersion": "bde/v2", "nodeGroups": [\n${groups.map((group) => JSON.stringify(group)).join(',\n')}\n]}`;
}

/** Role rules with nothing in them but what is given. */
export function rules(
  name: string,
  given: Partial<Omit<RoleRules, 'cardinality'>> & Partial<RoleRules['cardinality']> = {},
): RoleRules {
  const { min = 1, max = null, quorum = false, requires = [], minimumMemoryMiB = 0 } = given;
  return { name, requires, minimumMemoryMiB, cardinality: { min, max, quorum } };
}

export const SIZES = {
  SMALL: { cpuCount: 1, memoryMiB: 1024, diskGiB: 8 },
  MEDIUM: { cpuCount: 2, memoryMiB: 2048, diskGiB: 16 },
};

/** Input for resolving the spec with these roles, all else at its plainest. */
export function inputFor(text: string, roles: readonly RoleRules[], given: Partial<ResolveInput> = {}): ResolveInput {
  const { spec, warnings, source } = readSpec(text);
  return {
    name: parseClusterName('c1'),
    spec,
    specWarnings: warnings,
    source,
    specLabel: 'acme/basic',
    distro: { name: 'acme', vendor: 'ACME', version: '1.0' },
    baseRoles: [],
    roles: new Map(roles.map((role) => [role.name, role])),
    retired: () => undefined,
    sizes: SIZES,
    ordinals: new Map(),
    ...given,
  };
}

/** What a call throws, several findings as a list in their order; empty where it throws nothing. */
export function failuresOf(call: () => unknown): readonly BdeError[] {
  try {
    call();
    return [];
  } catch (error) {
    if (!(error instanceof BdeError)) throw error;
    return error.failures.length === 0 ? [error] : error.failures;
  }
}

/** Their messages. */
export function messagesOf(call: () => unknown): readonly string[] {
  return failuresOf(call).map(({ message }) => message);
}
