import { describe, expect, it } from 'vitest';
import { diagnose, strangersOf } from '../../../../../src/cli/services/doctor/diagnose.js';
import type { Finding } from '../../../../../src/cli/services/doctor/finding.js';
import type { HostFacts } from '../../../../../src/cli/services/doctor/host-facts.js';

const HEALTHY: HostFacts = {
  nodeVersion: '20.20.2',
  sshIsNative: true,
  disks: [{ what: 'this home', path: '/var/lib/bde', freeMiB: 100_000 }],
  identity: { path: '/etc/bde/identity', state: 'usable', isNeeded: true, why: null, next: null },
  store: {
    path: '/var/lib/bde/store.sqlite',
    state: 'usable',
    why: null,
    next: null,
    clusters: [
      {
        id: 'C1',
        name: 'zk',
        state: 'RUNNING',
        isHeld: false,
        last: { id: 'O1', kind: 'create', state: 'succeeded', outcome: 'succeeded' },
      },
    ],
    deadHomeOperations: [],
  },
  provider: {
    name: 'local',
    failure: null,
    missing: [],
    orphans: [],
    machines: [{ machineId: 'M1', clusterId: 'C1', clusterName: 'zk', node: 'zk-node-0' }],
  },
};

const CLUSTER = HEALTHY.store.clusters[0]!;

function notOk(facts: HostFacts): readonly Finding[] {
  return diagnose(facts).filter(({ level }) => level !== 'ok');
}

function withLast(last: NonNullable<typeof CLUSTER.last>, isHeld = false): HostFacts {
  return { ...HEALTHY, store: { ...HEALTHY.store, clusters: [{ ...CLUSTER, isHeld, last }] } };
}

describe('diagnose', () => {
  it('says of a healthy host what it looked at', () => {
    const findings = diagnose(HEALTHY);

    expect(findings.map(({ what }) => what)).toEqual([
      'node',
      'ssh',
      'disk',
      'provider',
      'store',
      'identity',
      'cluster',
    ]);
    expect(findings.every(({ level, next }) => level === 'ok' && next === null)).toBe(true);
  });

  it.each([
    ['20.18.9', ['problem']],
    ['18.20.0', ['problem']],
    ['20.19.0', []],
    ['22.0.0', []],
  ])('judges Node %s as %j', (nodeVersion, levels) => {
    expect(notOk({ ...HEALTHY, nodeVersion }).map(({ level }) => level)).toEqual(levels);
  });

  it('warns of an ssh without its compiled part', () => {
    expect(notOk({ ...HEALTHY, sshIsNative: false })).toMatchObject([{ level: 'warning', what: 'ssh' }]);
  });

  it.each([
    [2047, 'problem'],
    [2048, 'warning'],
    [8191, 'warning'],
    [8192, 'ok'],
  ])('judges %i MiB of free disk as %s', (freeMiB, level) => {
    const disks = [{ what: 'this home', path: '/x', freeMiB }];

    const found = diagnose({ ...HEALTHY, disks }).find(({ what }) => what === 'disk');

    expect(found?.level).toBe(level);
  });

  it('lists each thing that the provider lacks with its way out', () => {
    const missing = [
      { what: 'mmdebstrap', hint: 'Run `apt-get install mmdebstrap`.' },
      { what: 'root privileges', hint: 'Run bde as root: `sudo bde …`.' },
    ];

    expect(notOk({ ...HEALTHY, provider: { ...HEALTHY.provider, missing } })).toEqual([
      { level: 'problem', what: 'provider', where: 'local', why: 'lacks mmdebstrap', next: missing[0]!.hint },
      { level: 'problem', what: 'provider', where: 'local', why: 'lacks root privileges', next: missing[1]!.hint },
    ]);
  });

  it('tells why a provider could not be asked', () => {
    const failure = { why: 'ip route ended with 1', next: 'Install iproute2.' };

    expect(notOk({ ...HEALTHY, provider: { ...HEALTHY.provider, failure } })).toMatchObject([
      { level: 'problem', why: 'ip route ended with 1', next: 'Install iproute2.' },
    ]);
  });

  it('takes a home where nothing was made yet for healthy', () => {
    const facts: HostFacts = {
      ...HEALTHY,
      store: { ...HEALTHY.store, state: 'absent', clusters: [] },
      identity: { ...HEALTHY.identity, state: 'absent', isNeeded: false },
      provider: { ...HEALTHY.provider, machines: [] },
    };

    expect(notOk(facts)).toEqual([]);
  });

  it('takes a missing identity for a problem once something is sealed', () => {
    const identity = {
      ...HEALTHY.identity,
      state: 'absent' as const,
      why: 'The identity is not there',
      next: 'Bring it back.',
    };

    expect(notOk({ ...HEALTHY, identity })).toEqual([
      {
        level: 'problem',
        what: 'identity',
        where: '/etc/bde/identity',
        why: 'The identity is not there',
        next: 'Bring it back.',
      },
    ]);
  });

  it('says what stands in the way of the store', () => {
    const store = {
      ...HEALTHY.store,
      state: 'unusable' as const,
      clusters: [],
      why: 'it has format 9',
      next: 'Use a newer bde.',
    };

    expect(notOk({ ...HEALTHY, store })).toMatchObject([
      { level: 'problem', what: 'store', why: 'it has format 9', next: 'Use a newer bde.' },
    ]);
  });

  it.each([
    [{ id: 'O1', kind: 'create', state: 'running', outcome: null }, 'is RUNNING: the process of its create is gone'],
    [
      { id: 'O1', kind: 'create', state: 'failed', outcome: 'zk-1 never came up' },
      'is RUNNING: its create failed (zk-1 never came up)',
    ],
    [
      { id: 'O1', kind: 'delete', state: 'interrupted', outcome: 'stopped on request' },
      'is RUNNING: its delete was interrupted (stopped on request)',
    ],
  ])('shows the way on from an operation %j', (last, why) => {
    expect(notOk(withLast(last))).toEqual([
      { level: 'warning', what: 'cluster', where: 'zk', why, next: 'Run bde cluster resume zk.' },
    ]);
  });

  it('leaves an operation alone that a living process holds', () => {
    expect(notOk(withLast({ id: 'O1', kind: 'create', state: 'running', outcome: null }, true))).toEqual([]);
  });

  it('warns of operations of the home that never ended', () => {
    const deadHomeOperations = [{ id: 'O7', kind: 'template-build', startedAt: '2026-01-01T00:00:00.000Z' }];

    expect(notOk({ ...HEALTHY, store: { ...HEALTHY.store, deadHomeOperations } })).toMatchObject([
      { level: 'warning', what: 'operation', where: 'O7' },
    ]);
  });

  it('warns of each orphan', () => {
    const orphans = ['network link vb-1', 'mount /x'];

    expect(notOk({ ...HEALTHY, provider: { ...HEALTHY.provider, orphans } }).map(({ why }) => why)).toEqual([
      'network link vb-1 is left over',
      'mount /x is left over',
    ]);
  });

  it('groups machines that this home does not know by their cluster', () => {
    const machines = [
      { machineId: 'M2', clusterId: 'C2', clusterName: 'lost', node: 'lost-node-0' },
      { machineId: 'M3', clusterId: 'C2', clusterName: 'lost', node: 'lost-node-1' },
    ];

    const found = notOk({ ...HEALTHY, provider: { ...HEALTHY.provider, machines } });

    expect(found).toMatchObject([
      {
        level: 'problem',
        what: 'machines',
        why: 'there are machines of a cluster lost (C2) that this home does not know: lost-node-0, lost-node-1',
      },
    ]);
  });
});

describe('strangersOf', () => {
  it('calls nobody a stranger when the store cannot be read', () => {
    const store = { ...HEALTHY.store, state: 'unusable' as const, clusters: [] };

    expect(strangersOf({ ...HEALTHY, store })).toEqual([]);
  });

  it('calls every machine a stranger when the store is gone', () => {
    const store = { ...HEALTHY.store, state: 'absent' as const, clusters: [] };

    expect(strangersOf({ ...HEALTHY, store }).map(({ machineId }) => machineId)).toEqual(['M1']);
  });
});
