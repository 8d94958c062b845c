import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseCookbook } from '../../../src/cookbook/parse-cookbook.js';
import { parseManifest } from '../../../src/distro/parse-manifest.js';
import { findRetired, parseRetiredRoles } from '../../../src/distro/retired-roles.js';
import { selectSpecAndDistro } from '../../../src/distro/select-distro.js';
import { specLabelOf } from '../../../src/distro/select-spec.js';
import { parseSpecMap } from '../../../src/distro/spec-map.js';
import { readCookbooks } from '../../../src/files/read-cookbooks.js';
import { clusterNameAfter } from '../../../src/spec/cluster-name.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { parseClusterSpec } from '../../../src/spec/parse-cluster-spec.js';
import { resolveCluster } from '../../../src/spec/resolve-cluster.js';
import type { ResolvedCluster } from '../../../src/spec/resolved-cluster.js';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string) => parseDocument(readFileSync(new URL(path, ROOT), 'utf8'), path);

const manifest = parseManifest(read('distros/manifest.json'));
const { entries } = parseSpecMap(read('specs/map.json'));
const retired = parseRetiredRoles(read('distros/retired-roles.json'));
const cookbooks = (await readCookbooks([fileURLToPath(new URL('cookbooks', ROOT))])).map(parseCookbook);
const roles = new Map(
  cookbooks.flatMap((cookbook) => Object.values(cookbook.roles)).map(({ role }) => [role.name, role]),
);

/** The provider `local`'s own, its smallest machines: the shipped specs are to fit on them. */
const sizes = {
  SMALL: { cpuCount: 1, memoryMiB: 1024, diskGiB: 10 },
  MEDIUM: { cpuCount: 2, memoryMiB: 1536, diskGiB: 20 },
};

function resolveShipped(label: string): ResolvedCluster {
  const { entry, distro } = selectSpecAndDistro({ manifest, entries }, label, undefined);
  const { spec, warnings, source } = parseClusterSpec(read(`specs/${entry.path}`));
  return resolveCluster({
    name: clusterNameAfter(label),
    spec,
    specWarnings: warnings,
    source,
    specLabel: label,
    distro,
    appManager: entry.appManager,
    baseRoles: ['basic'],
    roles,
    retired: (role) => findRetired(role, retired),
    sizes,
    ordinals: new Map(),
  });
}

describe('shipped clusters', () => {
  it.each(entries.map(specLabelOf))('%s resolves with the shipped roles, without a warning', (label) => {
    expect(resolveShipped(label).warnings).toEqual([]);
  });

  it.each(entries.map(specLabelOf))('%s offers only roles that its cookbooks have', (label) => {
    const { distro } = selectSpecAndDistro({ manifest, entries }, label, undefined);
    const offered = distro.roles.map((role) => roles.get(role)?.cookbook);

    expect(offered.filter((cookbook) => !distro.cookbooks?.includes(cookbook ?? ''))).toEqual([]);
  });

  it('mesos/basic has three keepers, three masters and three agents in 11 GiB', () => {
    const cluster = resolveShipped('mesos/basic');
    const memoryMiB = cluster.groups.reduce((sum, { count, size }) => sum + count * size.memoryMiB, 0);

    expect(cluster.nodes.map(({ name, ordinal }) => `${name} ${ordinal}`)).toEqual([
      'mesos-basic-zookeeper-0 1',
      'mesos-basic-zookeeper-1 2',
      'mesos-basic-zookeeper-2 3',
      'mesos-basic-master-0 4',
      'mesos-basic-master-1 5',
      'mesos-basic-master-2 6',
      'mesos-basic-agent-0 1001',
      'mesos-basic-agent-1 1002',
      'mesos-basic-agent-2 1003',
    ]);
    expect(memoryMiB).toBe(10_752);
  });
});
