import { describe, expect, it } from 'vitest';
import { chooseFound } from '../../../src/cli/services/choose-found.js';
import type { FoundCluster } from '../../../src/engine/recover/find-clusters.js';
import type { ClusterId } from '../../../src/errors/ids.js';

const ALL = { cluster: undefined, all: false, host: undefined };

function found(name: string, id: string): FoundCluster {
  return { id: id as ClusterId, name, machines: [] };
}

function choose(
  clusters: readonly FoundCluster[],
  order: Partial<typeof ALL> | { cluster: string },
  known: string[] = [],
) {
  const choosing = {
    order: { ...ALL, ...order },
    known: new Set(known),
    home: { path: '/var/lib/bde', key: 'abcdef01' },
    provider: 'local',
  };
  return chooseFound(clusters, choosing).map(({ id }) => id);
}

describe('chooseFound', () => {
  it('takes the only one that the home does not know', () => {
    expect(choose([found('a', '1'), found('b', '2')], {}, ['1'])).toEqual(['2']);
  });

  it('refuses to choose among several and names them', () => {
    expect(() => choose([found('a', '1'), found('b', '2')], {})).toThrow(
      'There are 2 clusters that this home does not know: a (1, 0 machines), b (2, 0 machines).',
    );
  });

  it('takes all that the home does not know', () => {
    expect(choose([found('a', '1'), found('b', '2'), found('c', '3')], { all: true }, ['2'])).toEqual(['1', '3']);
  });

  it('takes the named one though the home knows it', () => {
    expect(choose([found('a', '1'), found('b', '2')], { cluster: 'a' }, ['1'])).toEqual(['1']);
  });

  it('wants the id of one of two that bear one name', () => {
    const twins = [found('a', '1'), found('a', '2')];

    expect(() => choose(twins, { cluster: 'a' })).toThrow('There are 2 clusters of the name a');
    expect(choose(twins, { cluster: '2' })).toEqual(['2']);
  });

  it('says whose machines it looked for where there are none', () => {
    expect(() => choose([], {})).toThrow('The provider local has no machine of the home /var/lib/bde.');
  });
});
