import { RECORD_HOLDERS } from '../../plan/plan-closing.js';
import { stepId, type Plan, type Step } from '../../plan/plan.js';
import { observeInventory } from '../observe.js';
import { openWorkspace } from '../open-workspace.js';
import { performStep } from '../perform-step.js';
import type { ClusterContext } from '../context.js';
import type { ClusterState, StoreTables } from '../ports/store.js';
import { restoreMirrorKeys, restorePackages, type RestoredHome } from '../recover/restore-home.js';
import { tellLoss } from '../recover/tell-loss.js';
import { MIRROR_KEYS_SECRET } from '../secret-names.js';
import { beginOperation } from './begin-operation.js';
import { toPlan } from './converge-plan.js';
import type { OperationRun } from './operation-run.js';
import { runPlan, withContext } from './run-cluster-plan.js';
import { conductOperation, recordedPlan, recordPlan } from './run-operation.js';

/** Runs an import, new or begun before, to its end. */
export function continueImport(run: OperationRun): Promise<void> {
  let state: ClusterState = 'DEGRADED';
  const ending = {
    succeeded: null,
    failed: 'DEGRADED',
    also: async (tables: StoreTables): Promise<void> => {
      await tables.clusters.update(run.cluster.id, { state });
      await tables.secrets.remove(run.cluster.id, MIRROR_KEYS_SECRET);
    },
  } as const;
  return conductOperation(run, ending, async () => {
    await beginOperation(run, 'UPDATING');
    return withContext(run, async (base) => {
      await restoreMirrorKeys(base);
      const known = await recordedPlan(run.deps, run.operation);
      const home = known === undefined ? await restorePackages(run) : { cluster: run.cluster, isPublishable: false };
      const { cluster } = home;
      const ready = { ...base, cluster, workspace: await openWorkspace(run.deps, cluster) };
      const plan = known ?? (await planImport(home, run));
      if (known === undefined) await recordPlan(run, plan);
      const result = await runPlan(plan, ready, { run: { ...run, cluster }, perform: performStep });
      state = await stateAfter(plan, ready);
      return result;
    });
  });
}

/** What an import does beside restoring: the mirror shows the cluster its packages, every node that runs is taken over, and gets a record of our own number. */
async function planImport({ cluster, isPublishable }: RestoredHome, { deps }: OperationRun): Promise<Plan> {
  const observed = await observeInventory(deps, cluster);
  const running = observed.machines
    .filter(({ current, state }) => current && state === 'on')
    .map(({ node }) => node)
    .sort();
  const adopts = running.map((node): Step => ({
    kind: 'adopt',
    id: stepId('adopt', node),
    node,
    after: [],
    why: 'what ran there before must not act any more',
  }));
  const record: Step = {
    kind: 'record',
    id: stepId('record'),
    nodes: running.slice(0, RECORD_HOLDERS),
    after: adopts.map(({ id }) => id),
    why: 'the nodes carry the sealed cluster record',
  };
  const publish: Step = {
    kind: 'publish',
    id: stepId('publish'),
    after: [],
    why: 'nodes pull packages from the mirror',
  };
  const steps = [...(isPublishable ? [publish] : []), ...adopts, ...(running.length === 0 ? [] : [record])];
  return toPlan('import', cluster.name, { steps, observed });
}

/** RUNNING where every node that is to run was taken over; what was not is told. */
async function stateAfter(plan: Plan, { deps, cluster, journal, operation }: ClusterContext): Promise<ClusterState> {
  const nodes = await deps.store.nodes.listNodes(cluster.id);
  const wanted = nodes.filter(({ power }) => power === 'on');
  const adopted = new Set<string>();
  for (const step of plan.steps) {
    if (step.kind !== 'adopt') continue;
    const { isReached, why } = journal.history(step.id).detail;
    if (isReached === true) adopted.add(step.node);
    else if (typeof why === 'string') {
      await tellLoss(deps, { cluster, operation }, `${step.node} could not be taken over: ${why}`);
    }
  }
  if (wanted.length === 0) return 'STOPPED';
  return wanted.every(({ name }) => adopted.has(name)) ? 'RUNNING' : 'DEGRADED';
}
