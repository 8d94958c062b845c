import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/distro/parse-manifest.js';
import { findRetired, parseRetiredRoles } from '../../../src/distro/retired-roles.js';
import { selectSpecAndDistro } from '../../../src/distro/select-distro.js';
import { specLabelOf } from '../../../src/distro/select-spec.js';
import { parseSpecMap } from '../../../src/distro/spec-map.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { resolveCluster } from '../../../src/spec/resolve-cluster.js';
import { failuresOf, inputFor, rules, specOf } from '../spec/spec-builders.js';
import { parseClusterSpec } from '../../../src/spec/parse-cluster-spec.js';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string) => parseDocument(readFileSync(new URL(path, ROOT), 'utf8'), path);

const manifest = parseManifest(read('distros/manifest.json'));
const map = parseSpecMap(read('specs/map.json'));
const retired = parseRetiredRoles(read('distros/retired-roles.json'));

describe('shipped specs and distros', () => {
  it('have no errors', () => {
    expect([...manifest.findings, ...map.findings]).toEqual([]);
  });

  it.each(map.entries.map((entry) => [specLabelOf(entry), entry] as const))(
    '%s loads and finds its distro',
    (label, entry) => {
      const { spec, warnings } = parseClusterSpec(read(`specs/${entry.path}`));
      const { distro } = selectSpecAndDistro({ manifest, entries: map.entries }, label, undefined);

      expect(warnings).toEqual([]);
      expect(spec.apiVersion).toBe('bde/v2');
      expect(spec.groups.every(({ sizeName }) => sizeName !== null)).toBe(true);
      expect(distro.roles).toEqual(expect.arrayContaining(spec.groups.flatMap(({ roles }) => roles)));
    },
  );

  it('map every spec file that is there', () => {
    const files = readdirSync(new URL('specs/', ROOT), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /spec\.\w+$/.test(path),
    );

    expect(files.sort()).toEqual(map.entries.map(({ path }) => path).sort());
  });
});

describe('shipped retired roles', () => {
  it.each([
    ['mapr_zookeeper', 'MapR', 'zookeeper'],
    ['mapr_mysql_server', 'MapR', undefined],
    ['hadoop_jobtracker', 'MapReduce 1', 'hadoop_resourcemanager'],
    ['ZOOKEEPER_SERVER', 'Cloudera Manager or Ambari', 'zookeeper'],
    ['HDFS_NAMENODE', 'Cloudera Manager or Ambari', 'hadoop_namenode'],
    ['TEZ_CLIENT', 'Cloudera Manager or Ambari', undefined],
  ])('know %s', (role, product, use) => {
    const notice = findRetired(role, retired);

    expect([notice?.product, notice?.use]).toEqual([product, use]);
  });

  it('name no role that a distro offers', () => {
    const offered = manifest.distros.flatMap(({ roles }) => roles);

    expect(offered.filter((role) => findRetired(role, retired))).toEqual([]);
  });

  it('refuse a sample of such a product at plan time, each role with what to use', () => {
    const { spec, warnings, source } = parseClusterSpec(read('test/fixtures/serengeti/default_mapr_cluster.json'));
    const input = {
      ...inputFor(specOf({ name: 'a', roles: ['zookeeper'], instanceType: 'SMALL' }), [rules('zookeeper')]),
      spec,
      source,
    };

    const failures = failuresOf(() =>
      resolveCluster({ ...input, specWarnings: warnings, retired: (role) => findRetired(role, retired) }),
    );

    expect(failures).toHaveLength(15);
    expect(failures[1]).toMatchObject({
      code: 'SPEC_ROLE_RETIRED',
      message:
        'test/fixtures/serengeti/default_mapr_cluster.json:21:9: role "mapr_zookeeper" belongs to MapR, which is not ' +
        'shipped: its packages come from the vendor alone, and it runs its services its own way',
      hint: 'Use the role "zookeeper".',
    });
    expect(failures[2]?.hint).toBe('Its counterpart is the role "hadoop_namenode"; add a cookbook that has it.');
  });

  it('cover every role of the samples that no cookbook is to have', () => {
    const samples = new URL('test/fixtures/serengeti/', ROOT);
    const products = /^(ambari|cloudera|default_mapr)/;
    const roles = readdirSync(samples)
      .filter((name) => products.test(name))
      .flatMap((name) =>
        parseClusterSpec(read(`test/fixtures/serengeti/${name}`)).spec.groups.flatMap((group) => group.roles),
      );

    expect(roles.filter((role) => findRetired(role, retired) === undefined)).toEqual([]);
  });
});
