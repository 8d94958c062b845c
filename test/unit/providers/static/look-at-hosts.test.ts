import { describe, expect, it } from 'vitest';
import { parseHostFacts } from '../../../../src/providers/static/look-at-hosts.js';

const MARK = {
  formatVersion: 1,
  machineId: 'M1',
  clusterId: 'C1',
  clusterName: 'shop',
  nodeName: 'shop-zk-1',
  generation: 1,
  epoch: 1,
};

describe('parseHostFacts', () => {
  it('reads what a free host has', () => {
    expect(parseHostFacts('cpus 4\nmemory 7900\ndisk 51200\n')).toEqual({
      cpuCount: 4,
      memoryMiB: 7900,
      diskFreeMiB: 51200,
      lease: undefined,
      isComplete: false,
    });
  });

  it('reads whose a leased host is', () => {
    const lease = { formatVersion: 1, homeKey: 'ffff0001', mark: MARK };

    const facts = parseHostFacts(`cpus 4\ncomplete\nlease ${JSON.stringify(lease)}\n`);

    expect(facts).toMatchObject({ lease, isComplete: true });
  });

  it.each(['{"formatVersion":2}', 'null', '{', '{"formatVersion":1}'])(
    'takes the lease %s for somebody else’s',
    (text) => {
      expect(parseHostFacts(`lease ${text}\n`).lease).toMatchObject({
        homeKey: '',
        mark: { clusterName: 'an unknown cluster' },
      });
    },
  );
});
