import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNameClashes, toUserDialect, writtenPath } from '../../../src/spec/dialect.js';
import type { Json } from '../../../src/spec/json.js';

const INTERNAL = {
  groups: [
    {
      name: 'a',
      cpu: 1,
      storage: { size: 3 },
      placement_policies: { instance_per_host: 1 },
      cluster_configuration: { groups: 1, cpu: 2 },
    },
  ],
  cluster_configuration: { storage: { size: 1 } },
};

describe('toUserDialect', () => {
  it('renames fields where they are fields, and nothing inside of attributes', () => {
    expect(toUserDialect(INTERNAL)).toEqual({
      nodeGroups: [
        {
          name: 'a',
          cpuNum: 1,
          storage: { sizeGB: 3 },
          placementPolicies: { instancePerHost: 1 },
          configuration: { groups: 1, cpu: 2 },
        },
      ],
      configuration: { storage: { size: 1 } },
    });
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = toUserDialect(value as Json);

        expect(toUserDialect(once)).toEqual(once);
      }),
    );
  });
});

describe('writtenPath', () => {
  it('leads to the same value under the names that the file has', () => {
    expect(writtenPath(INTERNAL, ['nodeGroups', 0, 'placementPolicies', 'instancePerHost'])).toEqual([
      'groups',
      0,
      'placement_policies',
      'instance_per_host',
    ]);
    expect(writtenPath(INTERNAL, ['nodeGroups', 0, 'configuration', 'cpu'])).toEqual([
      'groups',
      0,
      'cluster_configuration',
      'cpu',
    ]);
  });

  it('keeps the user’s name of what the file lacks', () => {
    expect(writtenPath(INTERNAL, ['nodeGroups', 5, 'memCapacityMB'])).toEqual(['groups', 5, 'memCapacityMB']);
    expect(writtenPath(null, ['nodeGroups'])).toEqual(['nodeGroups']);
  });
});

describe('findNameClashes', () => {
  it('finds a field under two names, and none in attributes', () => {
    const value = { groups: [{ ha: 'on', haFlag: 'off' }], configuration: { ha: 1, haFlag: 2 } };

    expect(findNameClashes(value)).toEqual([{ path: ['groups', 0, 'haFlag'], names: ['ha', 'haFlag'] }]);
  });
});
