import { describe, expect, it } from 'vitest';
import { renderDistro } from '../../../src/cli/render-distro.js';
import { renderProviderCheck, renderProviders } from '../../../src/cli/render-providers.js';
import { renderBuiltRepo, renderRepos } from '../../../src/cli/render-repos.js';
import { renderTemplates } from '../../../src/cli/render-templates.js';
import type { Digest } from '../../../src/errors/ids.js';

const DIGEST = '0123456789abcdef'.repeat(4) as Digest;

describe('renderTemplates', () => {
  it('shortens digests', () => {
    const template = { name: 'debian-12', digest: DIGEST, sizeMiB: 120, createdAt: '2026-01-01T00:00:00.000Z' };

    expect(renderTemplates([template])).toEqual([
      'TEMPLATE   DIGEST        MIB  BUILT',
      'debian-12  0123456789ab  120  2026-01-01T00:00:00.000Z',
    ]);
  });
});

describe('renderRepos', () => {
  const zookeeper = { name: 'zookeeper', summary: 'Apache ZooKeeper', built: true, packageCount: 4, missing: [] };

  it('says what is built, what lacks, and where it is served', () => {
    const mesos = { name: 'mesos', summary: 'Mesos', built: false, packageCount: 0, missing: ['mesos', 'marathon'] };

    expect(
      renderRepos({
        formatVersion: 1,
        repos: [{ ...zookeeper, snapshot: DIGEST }, mesos],
        mirror: { url: 'https://10.1.2.1:20001', pid: 7 },
      }),
    ).toEqual([
      'REPO       SNAPSHOT      PACKAGES  SUMMARY',
      'zookeeper  0123456789ab         4  Apache ZooKeeper',
      'mesos      not built            0  Mesos',
      '',
      'mesos lacks:',
      '  - mesos',
      '  - marathon',
      '',
      'mirror: https://10.1.2.1:20001 (pid 7)',
    ]);
  });

  it('says that nothing is served', () => {
    expect(renderRepos({ formatVersion: 1, repos: [zookeeper], mirror: null }).at(-1)).toBe(
      'mirror: not served; an operation that needs it starts it',
    );
  });
});

describe('renderBuiltRepo', () => {
  it('lists the packages, and marks stand-ins', () => {
    const repos = [
      { name: 'mesos-rehearsal', snapshot: DIGEST, rehearsal: true, packages: ['mesos-1.11.0-0.rehearsal.noarch'] },
    ];

    expect(renderBuiltRepo({ formatVersion: 1, repos })).toEqual([
      'mesos-rehearsal (rehearsal)  snapshot 0123456789ab, 1 packages',
      '  mesos-1.11.0-0.rehearsal.noarch',
    ]);
  });
});

describe('renderProviders', () => {
  it('shows what sizes mean at each provider', () => {
    const sizes = { SMALL: { cpuCount: 1, memoryMiB: 1024, diskGiB: 10 } };
    const local = {
      name: 'local',
      cloneKinds: ['linked'],
      cpu: 'capped',
      memory: 'capped',
      disk: 'capped',
      sizes,
    } as const;

    expect(renderProviders([local])).toEqual([
      'PROVIDER  CLONES  CPU     MEMORY  DISK',
      'local     linked  capped  capped  capped',
      '',
      'SIZE AT LOCAL  CPUS  MEMORY MIB  DISK GIB',
      'SMALL             1        1024        10',
    ]);
  });
});

describe('renderProviderCheck', () => {
  const host = { name: 'h1', cpuCount: 2, memoryMiB: 24_000, memoryFreeMiB: 20_000, diskFreeMiB: 80_000 };

  it('lists what is missing before what is there', () => {
    const missing = [{ what: 'mmdebstrap', hint: 'Run `apt-get install mmdebstrap`.' }];

    expect(
      renderProviderCheck({ formatVersion: 1, provider: 'local', ready: false, missing, hosts: [host], networks: [] }),
    ).toEqual([
      'local: 1 things are missing',
      '  - mmdebstrap',
      '    next: Run `apt-get install mmdebstrap`.',
      '',
      'HOST  CPUS  MEMORY MIB   FREE  DISK MIB FREE',
      'h1       2       24000  20000          80000',
    ]);
  });

  it('shows addresses that somebody else has taken', () => {
    const network = {
      name: 'bde0',
      cidr: '10.1.2.0/24',
      hostAddress: '10.1.2.1',
      range: ['10.1.2.10', '10.1.2.250'],
      foreignAddresses: ['10.1.2.77'],
    } as const;

    const lines = renderProviderCheck({
      formatVersion: 1,
      provider: 'local',
      ready: true,
      missing: [],
      hosts: [host],
      networks: [network],
    });

    expect(lines[0]).toBe('local: ready');
    expect(lines.at(-1)).toBe('bde0     10.1.2.0/24  10.1.2.1  10.1.2.10 to 10.1.2.250  10.1.2.77');
  });
});

describe('renderDistro', () => {
  const distro = {
    formatVersion: 1,
    label: 'mesos@1.11',
    name: 'mesos',
    version: '1.11',
    vendor: 'MESOS',
    roles: ['basic', 'mesos_master'],
    repos: [],
    specs: ['mesos/basic'],
    cookbooks: null,
    packages: [],
    attributes: {},
  } as const;

  it('says what can be made of it', () => {
    expect(renderDistro(distro)).toEqual([
      'mesos@1.11  vendor MESOS',
      '',
      'specs       mesos/basic',
      'roles       basic, mesos_master',
      'cookbooks   all',
      'repos       none',
      '',
      'Next:',
      '  bde cluster create --spec mesos/basic --distro mesos@1.11',
      '  bde spec init my-cluster.json',
    ]);
  });

  it('shows attributes where it has any', () => {
    expect(renderDistro({ ...distro, attributes: { mesos: { port: 1 } } })).toContain(
      'attributes  {"mesos":{"port":1}}',
    );
  });
});
