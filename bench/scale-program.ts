import { performance } from 'node:perf_hooks';
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

const MEASUREMENTS: Readonly<Record<string, (order: Order) => Promise<object>>> = { 'plan-of-new': planOfNew };

const [name = '', root = '', folder = '', nodeCount = ''] = process.argv.slice(2);
const measured = await MEASUREMENTS[name]?.({ root, folder, nodeCount: Number(nodeCount) });
process.stdout.write(`${JSON.stringify(measured)}\n`);
