import { describe, expect, it } from 'vitest';
import type { NodeName } from '../../../src/errors/ids.js';
import { chooseSource } from '../../../src/plan/choose-source.js';
import type { Desired, Observed } from '../../../src/plan/desired.js';
import { findDataObstacles, type DataCheck } from '../../../src/plan/find-data-obstacles.js';
import { planBackup } from '../../../src/plan/plan-backup.js';
import { planRestoration } from '../../../src/plan/plan-restoration.js';
import { find, ids, node, observedAfter, OPTIONS, role } from './plan-builders.js';

const ROLES = [
  role('basic'),
  role('store', [], { data: 'any', hasAcceptance: true }),
  role('shard', [], { data: 'each' }),
  role('web', ['store'], { can: { drain: true, undrain: true }, hasAcceptance: true }),
  role('front', ['web']),
];

const CLUSTER: Desired = {
  nodes: [
    node('c-s-0', 'store'),
    node('c-s-1', 'store', 'shard'),
    node('c-s-2', 'store', 'shard'),
    node('c-w-0', 'web', 'front'),
  ],
  roles: ROLES,
};

const OBSERVED = observedAfter(CLUSTER);

function withMachine(name: string, state: 'off' | 'on'): Observed {
  const machines = OBSERVED.machines.map((machine) => (machine.node === name ? { ...machine, state } : machine));
  return { ...OBSERVED, machines };
}

const backup = (data: readonly string[], observed = OBSERVED) => planBackup(CLUSTER, observed, { ...OPTIONS, data });
const restore = (data: readonly string[]) => planRestoration(CLUSTER, OBSERVED, { ...OPTIONS, data });

describe('a plan of a backup', () => {
  it('takes the data of any one node that runs, and is kept when that is there', () => {
    const steps = backup(['store'], withMachine('c-s-1', 'off'));

    expect(ids(steps)).toEqual(['backup/store', 'keep', 'record']);
    expect(find(steps, 'backup/store')).toMatchObject({ nodes: ['c-s-0', 'c-s-2'], after: [] });
    expect(find(steps, 'keep').after).toEqual(['backup/store']);
  });

  it('takes the data of each node where each has its own, side by side', () => {
    const steps = backup(['store', 'shard']);

    expect(ids(steps)).toEqual(['backup/shard/c-s-1', 'backup/shard/c-s-2', 'backup/store', 'keep', 'record']);
    expect(find(steps, 'backup/shard/c-s-2')).toMatchObject({ nodes: ['c-s-2'], after: [] });
    expect(find(steps, 'keep').after).toEqual(['backup/shard/c-s-1', 'backup/shard/c-s-2', 'backup/store']);
  });
});

describe('a plan of a restoration', () => {
  it('stops what requires the role first, restores all nodes, and starts in forward order', () => {
    const steps = restore(['store']);

    expect(ids(steps)).toEqual([
      'stop/c-w-0/front',
      'drain/c-w-0/web',
      'stop/c-w-0/web',
      'stop/c-s-0/store',
      'stop/c-s-1/store',
      'stop/c-s-2/store',
      'restore/c-s-0/store',
      'restore/c-s-1/store',
      'restore/c-s-2/store',
      'start/c-s-0/store',
      'start/c-s-1/store',
      'start/c-s-2/store',
      'ready/store',
      'start/c-w-0/web',
      'ready/web',
      'undrain/c-w-0/web',
      'start/c-w-0/front',
      'ready/front',
      'accept/store',
      'accept/web',
      'record',
    ]);
    expect(find(steps, 'stop/c-s-1/store').after).toEqual(['stop/c-w-0/web']);
    expect(find(steps, 'start/c-w-0/web').after).toEqual(expect.arrayContaining(['stop/c-w-0/web', 'ready/store']));
  });

  it('restores no node while another one of the role still serves, and starts none before all are restored', () => {
    const steps = restore(['store']);
    const stops = ['stop/c-s-0/store', 'stop/c-s-1/store', 'stop/c-s-2/store'];
    const restores = ['restore/c-s-0/store', 'restore/c-s-1/store', 'restore/c-s-2/store'];

    for (const id of restores) expect(find(steps, id).after).toEqual(expect.arrayContaining(stops));
    for (const index of ['0', '1', '2'])
      expect(find(steps, `start/c-s-${index}/store`).after).toEqual(expect.arrayContaining(restores));
  });

  it('leaves alone what requires none of the roles', () => {
    expect(ids(restore(['shard'])).filter((id) => id.includes('c-w-0') || id.endsWith('/store'))).toEqual([]);
  });
});

describe('what stands in the way', () => {
  const places = new Map(CLUSTER.nodes.map(({ name }) => [name, name.slice(2)]));

  const check = (part: Partial<DataCheck>, observed = OBSERVED) =>
    findDataObstacles(
      { desired: CLUSTER, observed },
      { cluster: 'c', roles: ['store'], restored: null, places, ...part },
      OPTIONS,
    ).map(({ code, message }) => `${code}: ${message}`);

  const archive = (name: string, scope: 'any' | 'each', of = 'store') => ({
    ...{ role: of, scope, node: `old-${name}`, place: name },
  });

  it('of a backup is a role of which nothing runs, but not a node that is off where another has all', () => {
    const none = OBSERVED.machines.map((machine) => ({ ...machine, state: 'off' as const }));

    expect(check({}, withMachine('c-s-0', 'off'))).toEqual([]);
    expect(check({}, { ...OBSERVED, machines: none })).toEqual(['PREFLIGHT_FAILED: No node of store runs.']);
  });

  it('of a backup is a node that is off where each has data of its own', () => {
    expect(check({ roles: ['shard'] }, withMachine('c-s-2', 'off'))).toEqual([
      'PREFLIGHT_FAILED: These nodes of shard do not run: c-s-2; each has data of its own.',
    ]);
  });

  it('of a restoration is any member that does not run, one that is still to leave too', () => {
    const restored = { id: 'B', archives: [archive('s-0', 'any')] };
    const left = { name: 'c-s-9' as NodeName, roles: ['store'], memberOf: ['store'] };

    expect(check({ restored })).toEqual([]);
    expect(check({ restored }, withMachine('c-s-2', 'off'))).toEqual([
      'PREFLIGHT_FAILED: These nodes of store do not run: c-s-2; its data is restored on all of them, or on none.',
    ]);
    expect(check({ restored }, { ...OBSERVED, nodes: [...OBSERVED.nodes, left] })).toEqual([
      'PREFLIGHT_FAILED: These nodes of store do not run: c-s-9; its data is restored on all of them, or on none.',
    ]);
  });

  it('of a restoration is a backup of other nodes than there are, where each has data of its own', () => {
    const two = [archive('s-1', 'each', 'shard'), archive('s-2', 'each', 'shard')];
    const asked = (archives: typeof two) => check({ roles: ['shard'], restored: { id: 'B', archives } });

    expect(asked(two)).toEqual([]);
    expect(asked(two.slice(0, 1))).toEqual(['PREFLIGHT_FAILED: The backup B has no data of shard for c-s-2.']);
    expect(asked([...two, archive('s-3', 'each', 'shard')])).toEqual([
      'PREFLIGHT_FAILED: The backup B has data of shard that no node would get: that of old-s-3.',
    ]);
  });
});

describe('the node whose data is taken', () => {
  const nodes = ['a', 'b', 'c'] as NodeName[];
  const of = (ready: readonly string[], leaders: readonly string[]) =>
    chooseSource({ nodes, ready: ready as NodeName[], leaders: leaders as NodeName[] });

  it('is the first that is ready and does not lead', () => {
    expect(of(['c', 'b', 'a'], ['a'])).toBe('b');
    expect(of(['c', 'a'], ['a'])).toBe('c');
  });

  it('leads where no other is ready, and is none where nobody is', () => {
    expect(of(['a'], ['a'])).toBe('a');
    expect(of([], ['a'])).toBeNull();
  });
});
