import { describe, expect, it } from 'vitest';
import type { ClusterName, NodeName } from '../../../src/errors/ids.js';
import { findPreflightProblems, type PreflightInput } from '../../../src/plan/find-preflight-problems.js';
import type { ResolvedCluster, ResolvedGroup } from '../../../src/spec/resolved-cluster.js';

const GROUP: ResolvedGroup = {
  name: 'zk',
  roles: ['keeper', 'watcher'],
  count: 3,
  size: { cpuCount: 1, memoryMiB: 1000, diskGiB: 10 },
  swapMiB: 0,
  dataDisksGiB: [1],
  placement: { instancesPerHost: null, racks: null, association: null },
  ha: 'off',
  configuration: {},
};

function cluster(part: Partial<ResolvedGroup> = {}): ResolvedCluster {
  const group = { ...GROUP, ...part };
  return {
    formatVersion: 1,
    name: 'c' as ClusterName,
    specLabel: 'test',
    distro: { name: 'd', vendor: 'V', version: '1' },
    groups: [group],
    nodes: Array.from({ length: group.count }, (_, index) => ({
      name: `c-zk-${String(index)}` as NodeName,
      group: 'zk',
      index,
      ordinal: index + 1,
      roles: group.roles,
    })),
    configuration: {},
    warnings: [],
  };
}

/** A host where everything fits. */
function input(part: Partial<PreflightInput> = {}): PreflightInput {
  return {
    cluster: cluster(),
    roleMinimumsMiB: new Map([
      ['keeper', 200],
      ['watcher', 100],
    ]),
    memoryIsReserved: false,
    hosts: [{ name: 'h1', memoryFreeMiB: 8000, diskFreeMiB: 50_000 }],
    pool: { network: 'n', range: ['10.0.0.10', '10.0.0.20'], reserved: [], foreign: [] },
    hostLacks: [],
    repos: [repo([])],
    rehearsal: false,
    ...part,
  };
}

function problems(part: Partial<PreflightInput>): readonly string[] {
  return findPreflightProblems(input(part)).problems.map((problem) => problem.message);
}

/** A repo of the distro that lacks these packages, or, for null, is not there at all. */
function repo(missing: readonly string[] | null) {
  return { name: 'keeper', missing, folders: ['/opt/bde/repos', '/own'] };
}

describe('findPreflightProblems', () => {
  it('finds nothing where everything fits', () => {
    expect(findPreflightProblems(input())).toEqual({ problems: [], warnings: [] });
  });

  it('finds nodes that are too small for what their roles need together', () => {
    expect(problems({ cluster: cluster({ size: { cpuCount: 1, memoryMiB: 256, diskGiB: 1 } }) })).toEqual([
      'The nodes of group zk have 256 MiB, their roles (keeper, watcher) need at least 300 MiB together: short by 44 MiB each.',
    ]);
  });

  it('refuses capped memory only when the roles themselves do not fit', () => {
    const hosts = [{ name: 'h1', memoryFreeMiB: 800, diskFreeMiB: 50_000 }];

    expect(problems({ hosts })).toEqual([
      "The nodes' roles need at least 900 MiB of memory, 800 MiB are free on h1: short by 100 MiB.",
    ]);
  });

  it('warns with numbers when capped memory is overcommitted', () => {
    const hosts = [{ name: 'h1', memoryFreeMiB: 2000, diskFreeMiB: 50_000 }];

    expect(findPreflightProblems(input({ hosts })).warnings).toEqual([
      'The nodes may use up to 3000 MiB of memory together, 2000 MiB are free on h1: overcommitted by 1000 MiB.',
    ]);
  });

  it('refuses reserved memory that is not there', () => {
    const hosts = [{ name: 'h1', memoryFreeMiB: 2000, diskFreeMiB: 50_000 }];

    expect(problems({ hosts, memoryIsReserved: true })).toEqual([
      'The nodes ask for 3000 MiB of memory, 2000 MiB are free on h1: short by 1000 MiB.',
    ]);
  });

  it('adds up data and swap disks', () => {
    const hosts = [{ name: 'h1', memoryFreeMiB: 8000, diskFreeMiB: 3000 }];

    expect(problems({ hosts, cluster: cluster({ swapMiB: 100 }) })).toEqual([
      "The nodes' data and swap disks ask for 3372 MiB, 3000 MiB are free on h1: short by 372 MiB.",
    ]);
  });

  it('finds a node that fits on no single host though the sum would do', () => {
    const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => ({ name, memoryFreeMiB: 900, diskFreeMiB: 50_000 }));

    expect(problems({ hosts, memoryIsReserved: true })).toEqual([
      '3 of the 3 nodes of group zk fit on no host: the best one is short by 100 MiB of memory.',
    ]);
  });

  it('takes spreading for a wish where there is one host only', () => {
    const spread = { instancesPerHost: 1, racks: null, association: null };
    const found = findPreflightProblems(input({ cluster: cluster({ placement: spread }) }));

    expect(found.problems).toEqual([]);
    expect(found.warnings).toEqual([
      '2 of the 3 nodes of group zk find no host under placementPolicies.instancePerHost 1.',
    ]);
  });

  it('names both ways out for packages that are missing', () => {
    const [problem] = findPreflightProblems(input({ repos: [repo(['keeper-server'])] })).problems;

    expect(problem?.message).toBe('The package repo keeper lacks keeper-server, and nothing here can build them.');
    expect(problem?.hint).toBe(
      'Put the RPMs into repos/keeper/packages/ and run bde repo build keeper; or rehearse with stand-ins: --rehearse.',
    );
  });

  it('says where a repo was looked for that is not there', () => {
    const [problem] = findPreflightProblems(input({ repos: [repo(null)] })).problems;

    expect(problem?.message).toBe('The distro names the package repo keeper, and there is none.');
    expect(problem?.hint).toBe(
      'Write /opt/bde/repos/keeper/repo.yaml or /own/keeper/repo.yaml, or name the folder that has keeper/repo.yaml with --repos.',
    );
  });

  it('lets a rehearsal do without packages', () => {
    expect(problems({ rehearsal: true, repos: [repo(['keeper-server'])] })).toEqual([]);
  });

  it('reports all findings at once', () => {
    const found = problems({
      hostLacks: [{ what: 'systemd-nspawn', hint: 'apt-get install systemd-container' }],
      pool: { network: 'n', range: ['10.0.0.10', '10.0.0.11'], reserved: [], foreign: [] },
      repos: [repo(['keeper-server'])],
    });

    expect(found).toHaveLength(3);
    expect(found[0]).toBe('This host lacks systemd-nspawn.');
    expect(found[1]).toContain('short by 1');
  });
});
