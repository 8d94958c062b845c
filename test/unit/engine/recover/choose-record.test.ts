import { describe, expect, it } from 'vitest';
import type { ClusterRecordContent } from '../../../../src/engine/ports/cluster-records.js';
import { chooseRecord } from '../../../../src/engine/recover/choose-record.js';

function recordOf(node: string, epoch: number, recordCount: number) {
  return { node, content: { cluster: { epoch, recordCount } } as unknown as ClusterRecordContent };
}

describe('chooseRecord', () => {
  it('takes the highest epoch before the highest count', () => {
    const chosen = chooseRecord([recordOf('a', 3, 9), recordOf('b', 4, 1), recordOf('c', 2, 1)]);

    expect(chosen).toMatchObject({ from: ['b'], behind: ['a', 'c'], content: { cluster: { epoch: 4 } } });
  });

  it('names all nodes that hold it', () => {
    const chosen = chooseRecord([recordOf('a', 4, 2), recordOf('b', 4, 1), recordOf('c', 4, 2)]);

    expect(chosen).toMatchObject({ from: ['a', 'c'], behind: ['b'] });
  });

  it('has none where there is none', () => {
    expect(chooseRecord([])).toBeNull();
  });
});
