import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCluster, type CheckResult } from '../../../../src/engine/operations/check-cluster.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import type { ConvergeSelection } from '../../../../src/engine/operations/selection.js';
import { serviceRequest, SERVICE_REPOS } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;

beforeEach(async () => {
  engine = testEngine();
  writeFileSync(join(engine.dir, 'repos.json'), JSON.stringify(SERVICE_REPOS));
  await createCluster(serviceRequest(), engine.deps, engine.stop);
});

afterEach(() => {
  engine.remove();
});

async function check(selection: ConvergeSelection = {}): Promise<readonly CheckResult[]> {
  return checkCluster(selection, await engine.cluster(), { deps: engine.deps, signal: engine.stop.abort });
}

describe('checkCluster', () => {
  it('asks each node for each of its roles and its packages, in the order of applying', async () => {
    const results = await check({ node: 'demo-s-0' });

    expect(results.map(({ node, role, lines }) => [node, role, lines.map(({ outcome }) => outcome)])).toEqual([
      ['demo-s-0', 'basic', ['unchanged']],
      ['demo-s-0', 'packages', ['unchanged']],
      ['demo-s-0', 'server', ['unchanged']],
    ]);
  });

  it('takes no lease, records no operation and applies nothing', async () => {
    const before = { cluster: await engine.cluster(), operations: await engine.operations() };

    await check();

    expect({ cluster: await engine.cluster(), operations: await engine.operations() }).toEqual(before);
    expect(engine.runs().filter((run) => run.includes(' check '))).toHaveLength(11);
  });

  it('tells a resource that cannot be looked at as part of the answer', async () => {
    const failed = JSON.stringify({ resource: 'file[/x]', outcome: 'failed', ms: 1, detail: 'is a directory' });
    engine.script({ runs: { 'demo-c-0/client': { exitCode: 1, lines: [failed] } } });

    const results = await check({ node: 'demo-c-0', role: 'client' });

    expect(results[0]?.lines).toEqual([{ resource: 'file[/x]', outcome: 'failed', ms: 1, detail: 'is a directory' }]);
  });

  it('asks every node and then tells all that could not be asked', async () => {
    const down = { code: 'CONNECT_FAILED' } as const;
    engine.script({ connects: { 'demo-s-0': down, 'demo-c-0': down } });

    const checking = check();

    await expect(checking).rejects.toMatchObject({ code: 'CONNECT_FAILED', exitCode: 6, failures: { length: 2 } });
    await expect(checking).rejects.toThrow(/^2 nodes could not be checked; the first: demo-s-0 /);
    expect(engine.runs().filter((run) => run.startsWith('demo-s-1 check'))).toHaveLength(3);
  });

  it('fails where a run ended without an answer', async () => {
    engine.script({ runs: { server: { state: 'timed-out' } } });

    await expect(check({ node: 'demo-s-0' })).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
  });

  it('leaves the epoch of the nodes alone', async () => {
    const { epoch } = await engine.cluster();

    await check();

    const listings = await engine.deps.provider.provider.list();
    const epochs = listings.map(
      ({ mark }) =>
        (JSON.parse(readFileSync(join(engine.dir, 'nodes', mark.machineId, 'epoch.json'), 'utf8')) as { epoch: number })
          .epoch,
    );
    expect(new Set(epochs)).toEqual(new Set([epoch]));
  });
});
