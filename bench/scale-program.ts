import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCluster } from '../src/engine/operations/create-cluster.js';
import { planCreate } from '../src/engine/operations/plan-create.js';
import { openScaleEngine } from './scale-engine.js';
import { scaleRequest } from './scale-cluster.js';

/** What one process measures of one cluster; it is given the project's root, a folder of its own, and the number of nodes. */
interface Order {
  readonly root: string;
  readonly folder: string;
  readonly nodeCount: number;
}

/** From a resolved spec to the plan, as `bde cluster create --plan` does. */
async function planOfNew({ root, folder, nodeCount }: Order): Promise<object> {
  const deps = await openScaleEngine(folder, { world: 'on disk' });
  const request = await scaleRequest(root, nodeCount);
  const startedMs = performance.now();
  const { cluster } = await planCreate(request, deps);
  const ms = performance.now() - startedMs;
  await deps.store.close();
  return { ms, steps: cluster.steps.length, edges: cluster.steps.reduce((sum, step) => sum + step.after.length, 0) };
}

const HEAP_EVERY = 400;

/** A whole create; the heap is looked at every so many steps, all garbage collected. */
async function create({ root, folder, nodeCount }: Order): Promise<object> {
  const collect = collector();
  const heapMiB: number[] = [];
  let ended = 0;
  const engine = await openScaleEngine(folder, { world: 'held' });
  const deps = {
    ...engine,
    onEvent: ({ kind, data }: { kind: string; data: Readonly<Record<string, unknown>> }) => {
      if (kind !== 'step' || (data['state'] !== 'done' && data['state'] !== 'unchanged')) return;
      ended += 1;
      if (ended % HEAP_EVERY === 0) heapMiB.push(collect());
    },
  };
  const request = await scaleRequest(root, nodeCount);
  const { signal } = new AbortController();
  const startedMs = performance.now();
  await createCluster(request, deps, { stopStarting: signal, abort: signal });
  const ms = performance.now() - startedMs;
  await engine.store.close();
  return { ms, steps: ended, heapMiB };
}

/** Collects all garbage and gives the MiB of heap that are left. */
function collector(): () => number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    collect();
    return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
  };
}

const MEASUREMENTS: Readonly<Record<string, (order: Order) => Promise<object>>> = { 'plan-of-new': planOfNew, create };

const [name = '', root = '', folder = '', nodeCount = ''] = process.argv.slice(2);
const measured = await MEASUREMENTS[name]?.({ root, folder, nodeCount: Number(nodeCount) });
process.stdout.write(`${JSON.stringify(measured)}\n`);
