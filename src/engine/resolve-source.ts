import type { Role } from '../cookbook/types.js';
import { parseClusterName } from '../spec/cluster-name.js';
import { parseDocument } from '../spec/document/parse-document.js';
import { overrideDocument } from '../spec/override-document.js';
import { parseClusterSpec } from '../spec/parse-cluster-spec.js';
import { printClusterSpec } from '../spec/print-cluster-spec.js';
import { resolveCluster } from '../spec/resolve-cluster.js';
import type { ResolvedCluster } from '../spec/resolved-cluster.js';
import { BASE_ROLE } from './desired-state.js';
import type { PinnedSource } from './pins.js';

/**
 * A pinned spec with its roles, sizes and names settled, for the cluster of that name.
 *
 * @param given.ordinals - those that its nodes have already; they keep them
 * @throws BdeError those of `parseClusterSpec` and `resolveCluster`
 */
export function resolveSource(
  source: PinnedSource,
  given: {
    readonly name: string;
    readonly roles: ReadonlyMap<string, Role>;
    readonly ordinals: ReadonlyMap<string, number>;
  },
): ResolvedCluster {
  const read = parseClusterSpec(parseDocument(source.text, source.label));
  return resolveCluster({
    name: parseClusterName(given.name),
    spec: read.spec,
    specWarnings: read.warnings,
    source: read.source,
    specLabel: source.label,
    distro: source.distro,
    baseRoles: [BASE_ROLE],
    roles: given.roles,
    retired: () => undefined,
    sizes: source.sizes,
    ordinals: given.ordinals,
  });
}

/**
 * The same spec with fields put in, as `--set` gives them.
 *
 * @throws BdeError `USAGE`, those of `parseClusterSpec`
 */
export function overrideSource(source: PinnedSource, overrides: readonly string[]): PinnedSource {
  const document = parseDocument(source.text, `the pinned spec ${source.label}`);
  const { spec } = parseClusterSpec(overrideDocument(document, overrides));
  return { ...source, text: printClusterSpec(spec) };
}
