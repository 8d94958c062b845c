import { describe, expect, it } from 'vitest';
import { mend, questionOf, type Mending } from '../../../../../src/cli/services/doctor/mend.js';
import type { ProviderWithAbilities } from '../../../../../src/engine/ports/provider.js';

const NOTHING: Mending = { machines: [], orphans: [], operations: [] };
const MACHINE = { machineId: 'M1', clusterId: 'C1', clusterName: 'lost', node: 'lost-node-0' };

/** A provider whose machines leave a bridge behind when the last one is gone. */
function leavingProvider(machines: string[], orphans: string[]): ProviderWithAbilities {
  return {
    provider: {
      destroy: (id: string) => {
        machines.splice(machines.indexOf(id), 1);
        if (machines.length === 0) orphans.push('bridge bde0');
        return Promise.resolve();
      },
    } as unknown as ProviderWithAbilities['provider'],
    orphans: {
      listOrphans: () => Promise.resolve([...orphans]),
      removeOrphans: () => Promise.resolve(void orphans.splice(0)),
    },
  };
}

function partsOf(provider: ProviderWithAbilities, updates: unknown[] = []) {
  return {
    provider,
    operations: { update: (...given: unknown[]) => Promise.resolve(void updates.push(given)) },
    guard: () => Promise.resolve(),
    now: 5000,
  };
}

describe('questionOf', () => {
  it('asks nothing where nothing is to mend', () => {
    expect(questionOf(NOTHING)).toBeNull();
  });

  it('names everything that would be destroyed', () => {
    const question = questionOf({
      machines: [MACHINE],
      orphans: ['mount /a', 'mount /b'],
      operations: [{ id: 'O1', kind: 'template-build' }],
    });

    expect(question).toBe(
      'This would destroy 1 machine (lost-node-0), remove 2 orphans (mount /a; mount /b), ' +
        'mark as interrupted 1 operation (template-build). Go on?',
    );
  });
});

describe('mend', () => {
  it('removes what destroyed machines leave as well, and says what it did', async () => {
    const machines = ['M1'];
    const orphans = ['mount /a'];

    const done = await mend({ ...NOTHING, machines: [MACHINE] }, partsOf(leavingProvider(machines, orphans)));

    expect(done).toEqual(['destroyed the machine M1 of lost-node-0', 'removed mount /a', 'removed bridge bde0']);
    expect(machines).toEqual([]);
    expect(orphans).toEqual([]);
  });

  it('tells no orphan as removed that is still there', async () => {
    const provider = leavingProvider([], []);
    const stubborn = {
      ...provider,
      orphans: { ...provider.orphans!, listOrphans: () => Promise.resolve(['mount /a']) },
    };

    expect(await mend({ ...NOTHING, orphans: ['mount /a'] }, partsOf(stubborn))).toEqual([]);
  });

  it('marks dead operations as interrupted', async () => {
    const updates: unknown[] = [];
    const operations = [{ id: 'O1', kind: 'template-build' }];

    const done = await mend({ ...NOTHING, operations }, partsOf(leavingProvider([], []), updates));

    expect(done).toEqual(['marked the operation O1 (template-build) as interrupted']);
    expect(updates).toEqual([['O1', { state: 'interrupted', outcome: 'its controller is gone', endedAt: 5000 }]]);
  });
});
