import { afterEach, describe, expect, it } from 'vitest';
import { importCluster } from '../../../../src/engine/operations/import-cluster.js';
import type { ImportProposal } from '../../../../src/engine/recover/propose-import.js';
import type { ClusterId } from '../../../../src/errors/ids.js';
import { createMemoryMirror } from '../../../fakes/memory-mirror.js';
import { aCluster } from '../../../contract/store-records.js';
import { testEngine, type TestEngine } from '../test-engine.js';

const engines: TestEngine[] = [];

afterEach(() => {
  for (const engine of engines.splice(0)) engine.remove();
});

function newEngine(): TestEngine {
  const engine = testEngine();
  engines.push(engine);
  return engine;
}

const allowed = (): Promise<void> => Promise.resolve();

describe('importCluster', () => {
  it('records nothing where other clusters of the home trust another mirror', async () => {
    const { deps, stop } = newEngine();
    await deps.store.clusters.insert(aCluster({ name: 'newer' }));
    await deps.mirror.ensureTrust(allowed);
    const mirrorKeys = await createMemoryMirror({ dir: newEngine().dir }).exportKeys(allowed);
    const cluster = aCluster({ id: '01LOST' as ClusterId, name: 'lost' });
    const content = { cluster, mirrorKeys, blobs: [], nodes: [], machines: [], facts: [], secrets: {} };
    const proposal = { content, from: [], epoch: 1, known: null, notes: [] } as unknown as ImportProposal;

    const importing = importCluster(proposal, deps, stop);

    await expect(importing).rejects.toMatchObject({
      code: 'PREFLIGHT_FAILED',
      message: 'The nodes of lost trust other mirror keys than those of this home, which newer trusts.',
    });
    expect((await deps.store.clusters.list()).map(({ name }) => name)).toEqual(['newer']);
  });
});
