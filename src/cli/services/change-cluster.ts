import { changeCluster } from '../../engine/operations/change-cluster.js';
import { prepareChange, type PreparedChange } from '../../engine/operations/prepare-change.js';
import type { ChangeRequest } from '../../engine/operations/change-request.js';
import { estimateFromHistory } from '../../engine/past-steps.js';
import { BdeError } from '../../errors/bde-error.js';
import type { EngineDependencies } from '../../engine/context.js';
import type { ClusterRecord } from '../../engine/ports/store.js';
import type { PlanEstimate } from '../../plan/estimate-plan.js';
import type { Plan } from '../../plan/plan.js';
import { confirm } from '../confirm.js';
import { AFTER_PREPARE, renderPlan, renderPrepare } from '../render-plan.js';
import { findCluster } from './find-cluster.js';
import { operate, type OperationReport } from './run-cluster-operation.js';
import { withEngine, type Surroundings } from './with-engine.js';
import { writePlanFile } from './plan-file.js';

/** Makes the request of a verb for the cluster as it is now. */
export type MakeRequest = (cluster: ClusterRecord, deps: EngineDependencies) => Promise<ChangeRequest>;

/** How a change is to go about. */
export interface ChangeManner {
  /** Only show what would be done. */
  readonly plan: boolean;
  /** With `plan`: where to save it. */
  readonly out?: string | undefined;
  readonly yes: boolean;
  /** False: a rollback follows where the change fails on nodes. */
  readonly 'no-rollback'?: boolean | undefined;
}

/** What `--plan` of a change prints. */
export interface ChangePreview {
  readonly lines: readonly string[];
  readonly json: {
    readonly formatVersion: 1;
    /** What comes first; null where package repos stay as they are. */
    readonly prepare: Plan | null;
    readonly plan: Plan;
    readonly estimate: PlanEstimate;
    readonly warnings: readonly string[];
  };
}

/** Shows or makes a change. Asks before machines are destroyed. */
export async function change(
  name: string,
  makeRequest: MakeRequest,
  given: Surroundings & ChangeManner,
): Promise<ChangePreview | OperationReport> {
  const making: MakeRequest = async (found, deps) => ({
    ...(await makeRequest(found, deps)),
    rollsBack: given['no-rollback'] === false,
  });
  const { prepared, ...about } = await prepare(name, making, given);
  const { request } = about;
  if (given.plan) return preview(prepared, { ...about, out: given.out });
  await confirmLosses(prepared, { request, name, yes: given.yes });
  return runChange(request, given, { name });
}

/** Makes a change that was decided on, expecting the plan that was shown where one was. */
export function runChange(
  request: ChangeRequest,
  surroundings: Surroundings,
  given: { readonly name: string; readonly clusterId?: string; readonly expected?: Plan },
): Promise<OperationReport> {
  const { name, clusterId, expected } = given;
  const operating = { ...surroundings, title: `${request.kind} ${name}`, operation: request.kind, cluster: name };
  return operate(operating, async (deps, stop) => {
    const cluster = await findCluster(deps.store, name);
    if (clusterId !== undefined && cluster.id !== clusterId) throw anotherCluster(name);
    const onWarning = (text: string): void => surroundings.say(`warning: ${text}`);
    return changeCluster(request, cluster, {
      ...{ deps, stop, onWarning },
      ...(expected === undefined ? {} : { expected }),
    });
  });
}

function anotherCluster(name: string): BdeError {
  return new BdeError('PLAN_OUTDATED', `The saved plan is for an earlier cluster of the name ${name}.`, {
    subject: { cluster: name },
    hint: 'Make the plan anew, look at it, and apply that.',
  });
}

function prepare(name: string, makeRequest: MakeRequest, surroundings: Surroundings) {
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const cluster = await findCluster(deps.store, name);
    const request = await makeRequest(cluster, deps);
    const prepared = await prepareChange(request, cluster, deps);
    const { operations } = deps.store;
    const estimate = await estimateFromHistory(prepared.plan, operations);
    const before = prepared.prepare;
    const first = before === null ? [] : renderPrepare(before, await estimateFromHistory(before, operations));
    return { request, cluster, prepared, estimate, first };
  });
}

async function preview(
  { prepare: first, plan, warnings }: PreparedChange,
  given: {
    readonly request: ChangeRequest;
    readonly cluster: ClusterRecord;
    readonly estimate: PlanEstimate;
    /** What is looked after first, for people. */
    readonly first: readonly string[];
    readonly out: string | undefined;
  },
): Promise<ChangePreview> {
  const { request, cluster, estimate, out } = given;
  if (out !== undefined) await writePlanFile(out, { cluster, request, plan });
  return {
    lines: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...given.first,
      ...(first === null ? renderPlan(plan, estimate) : renderPlan(plan, estimate, AFTER_PREPARE)),
      DEPTHS[request.depth],
      ...(out === undefined ? [] : [`Saved to ${out}: bde cluster apply ${out} does exactly this, or refuses.`]),
    ],
    json: { formatVersion: 1, prepare: first, plan, estimate, warnings },
  };
}

const DEPTHS: Readonly<Record<ChangeRequest['depth'], string>> = {
  none: 'Observed: what is recorded; neither machines nor nodes were looked at.',
  inventory: 'Observed: machines as they are now; what is applied on nodes as recorded after its last success.',
  nodes: 'Observed: machines and what is applied on every node that answers, as they are now.',
};

async function confirmLosses(
  { plan }: PreparedChange,
  given: { readonly request: ChangeRequest; readonly name: string; readonly yes: boolean },
): Promise<void> {
  await confirmReplacement(given);
  const replaced = plan.steps.filter((step) => step.kind === 'machine' && !step.start && step.generation > 1);
  const keepers = replaced.filter((step) => step.kind === 'machine' && step.disks === 'kept').length;
  const count = plan.summary.machinesToDestroy + replaced.length;
  if (count === 0) return;
  const but = keepers === 0 ? '' : `, but for the data disks of ${String(keepers)}, which are kept`;
  await confirm({
    question: `Destroy ${String(count)} machines of ${given.name} and all data on them${but}. Go on?`,
    yes: given.yes,
  });
}

/** What a restoration takes the place of is lost as much as a machine that is destroyed. */
async function confirmReplacement(given: {
  readonly request: ChangeRequest;
  readonly name: string;
  readonly yes: boolean;
}): Promise<void> {
  const { data } = given.request;
  if (data?.type !== 'restore') return;
  const at = new Date(data.manifest.takenAt).toISOString();
  await confirm({
    question: `Replace the data of ${data.roles.join(', ')} of ${given.name} by that of ${at}, and lose what was written since. Go on?`,
    yes: given.yes,
  });
}
