import type { NodeName } from '../errors/ids.js';
import { ClusterView, type PlanOptions } from './cluster-view.js';
import type { Desired, Observed, PlannedRole } from './desired.js';
import { planRecord } from './plan-closing.js';
import { stepId, type BackupStep, type Step } from './plan.js';
import { StepList } from './step-list.js';

/**
 * The steps that take the data of roles out of a cluster that goes on: from one node of each, or from each node, side by
 * side; then that counts as a backup. A run raises the epoch of its node, so the record follows, as after every run.
 */
export function planBackup(desired: Desired, observed: Observed, options: PlanOptions): readonly Step[] {
  const view = new ClusterView(desired, observed, options);
  const list = new StepList();
  const roles = view.order.filter(({ name }) => options.data?.includes(name) === true);
  for (const role of roles) for (const step of backupSteps(role, runningBearers(view, role.name))) list.add(step);
  const after = list.steps.map(({ id }) => id);
  list.add({ kind: 'keep', id: stepId('keep'), after, why: 'it counts as a backup once all of it is there' });
  planRecord(view, list);
  return list.steps;
}

function backupSteps({ name, data }: PlannedRole, nodes: readonly NodeName[]): readonly BackupStep[] {
  const step = { kind: 'backup' as const, role: name, after: [] };
  if (data === 'any')
    return [{ ...step, id: stepId('backup', name), nodes, why: 'any node of it has all of its data' }];
  return nodes.map((node) => ({
    ...step,
    id: stepId('backup', name, node),
    nodes: [node],
    why: 'each node of it has data of its own',
  }));
}

/** Nodes of a role that are there to be asked, ordered by group, then index. */
export function runningBearers(view: ClusterView, role: string): readonly NodeName[] {
  return view.namesOf(role).filter((name) => view.machineOf(name)?.state === 'on');
}
