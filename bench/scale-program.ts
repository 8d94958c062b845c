import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCluster } from '../src/engine/operations/create-cluster.js';
import { planCreate } from '../src/engine/operations/plan-create.js';
import { diskStorage, heldStorage } from '../test/fakes/world-storage.js';
import { prepareChange } from '../src/engine/operations/prepare-change.js';
import { NO_CHANGE } from '../src/engine/operations/change-request.js';
import { openScaleEngine } from './scale-engine.js';
import { recordCluster } from './scale-store.js';
import { scaleRequest } from './scale-cluster.js';

/** What one process measures of one cluster; it is given the project's root, a folder of its own, and the number of nodes. */
interface Order {
  readonly root: string;
  readonly folder: string;
  readonly nodeCount: number;
}

/** From a resolved spec to the plan, as `bde cluster create --plan` does. */
async function planOfNew({ root, folder, nodeCount }: Order): Promise<object> {
  const deps = await openScaleEngine(folder, heldStorage());
  const request = await scaleRequest(root, nodeCount);
  const { result, ...took } = await timed(() => planCreate(request, deps));
  const { cluster } = result;
  await deps.store.close();
  return {
    ...took,
    steps: cluster.steps.length,
    edges: cluster.steps.reduce((sum, step) => sum + step.after.length, 0),
  };
}

/** A store and machines as a create leaves them, in the folder, for a process that plans. */
async function record({ root, folder, nodeCount }: Order): Promise<object> {
  const world = diskStorage(folder);
  const deps = await openScaleEngine(folder, world);
  await recordCluster(await scaleRequest(root, nodeCount), deps, world);
  await deps.store.close();
  return {};
}

/** What `bde cluster apply --plan` does for a recorded cluster with a spec that has so many nodes. */
async function planOfChange({ root, folder, nodeCount }: Order): Promise<object> {
  const deps = await openScaleEngine(folder, diskStorage(folder));
  const request = await scaleRequest(root, nodeCount);
  const { result, ...took } = await timed(async () => {
    const [cluster] = await deps.store.clusters.list();
    if (cluster === undefined) throw new Error('no cluster is recorded');
    const inputs = { ...request, source: requireSource(request), isPreparedAnew: false };
    return prepareChange({ ...NO_CHANGE, kind: 'apply', inputs, asked: {} }, cluster, deps);
  });
  await deps.store.close();
  return { ...took, steps: result.plan.steps.length };
}

function requireSource({ source }: Awaited<ReturnType<typeof scaleRequest>>): NonNullable<typeof source> {
  if (source === null) throw new Error('the request has no spec');
  return source;
}

interface Timed<Result> {
  readonly result: Result;
  readonly ms: number;
  readonly cpuMs: number;
}

async function timed<Result>(work: () => Promise<Result>): Promise<Timed<Result>> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: performance.now() - startedMs, cpuMs: (user + system) / 1000 };
}

const HEAP_EVERY = 100;

/** A whole create; the heap is looked at every so many steps, all garbage collected. */
async function create({ root, folder, nodeCount }: Order): Promise<object> {
  const collect = collector();
  const heapMiB: number[] = [];
  let ended = 0;
  const engine = await openScaleEngine(folder, heldStorage());
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
  const { ms, cpuMs } = await timed(() => createCluster(request, deps, { stopStarting: signal, abort: signal }));
  const [operation] = (await engine.store.operations.list()).filter(({ kind }) => kind === 'create');
  if (operation === undefined) throw new Error('no create is recorded');
  const journal = await engine.store.operations.journal(operation.id);
  await engine.store.close();
  return { ms, cpuMs, steps: ended, heapMiB, journalBytes: JSON.stringify(journal).length };
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

const MEASUREMENTS: Readonly<Record<string, (order: Order) => Promise<object>>> = {
  'plan-of-new': planOfNew,
  record,
  'plan-of-change': planOfChange,
  create,
};

const [name = '', root = '', folder = '', nodeCount = ''] = process.argv.slice(2);
const measured = await MEASUREMENTS[name]?.({ root, folder, nodeCount: Number(nodeCount) });
process.stdout.write(`${JSON.stringify(measured)}\n`);
