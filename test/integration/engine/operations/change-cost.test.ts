import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import { readNodeCounts } from '../../../fakes/memory-nodes.js';
import { readMemoryWorld } from '../../../fakes/memory-provider.js';
import { aChange, FLEET, fleetInputs, type SampleGroup } from '../../../unit/engine/sample-change.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;

beforeEach(() => {
  engine = testEngine();
});

afterEach(() => {
  engine.remove();
});

const fleet = (stores: number, workers: number): Readonly<Record<string, SampleGroup>> => ({
  s: { roles: ['store'], count: stores },
  w: { roles: ['worker'], count: workers },
});

async function create(groups: Readonly<Record<string, SampleGroup>>): Promise<void> {
  const { source, distro, cookbooks, secrets } = fleetInputs(groups);
  const resolved = resolveSource(source, { name: 'demo', roles: parseCookbooks(FLEET).roles, ordinals: new Map() });
  const request = { resolved, distro, cookbooks, secrets, source, rehearsal: false, asked: {} };
  await createCluster(request, engine.deps, engine.stop);
}

/** Connections that each node has had, by name. */
function sessions(): ReadonlyMap<string, number> {
  const machines = Object.values(readMemoryWorld(engine.dir).machines);
  return new Map(
    machines.map(({ mark }) => [mark.nodeName, readNodeCounts(engine.dir, mark.machineId).connects] as const),
  );
}

/** Nodes that a change opened sessions to. */
async function opened(groups: Readonly<Record<string, SampleGroup>>): Promise<readonly string[]> {
  const before = sessions();
  await changeCluster(aChange({ kind: 'resize', inputs: fleetInputs(groups) }), await engine.cluster(), {
    ...{ deps: engine.deps, stop: engine.stop },
    onWarning: () => undefined,
  });
  return [...sessions()]
    .filter(([name, count]) => count > (before.get(name) ?? 0))
    .map(([name]) => name)
    .sort();
}

it('opens sessions to one more worker of fifty and to the three holders of the record, to nobody else', async () => {
  await create(fleet(3, 47));

  expect(await opened(fleet(3, 48))).toEqual(['demo-s-0', 'demo-s-1', 'demo-s-2', 'demo-w-47']);
});

it('opens sessions to one more member and to those whose files name it', async () => {
  await create({ ...fleet(3, 1), x: { roles: ['basic'], count: 10 } });

  expect(await opened({ ...fleet(4, 1), x: { roles: ['basic'], count: 10 } })).toEqual([
    'demo-s-0',
    'demo-s-1',
    'demo-s-2',
    'demo-s-3',
    'demo-w-0',
  ]);
});
