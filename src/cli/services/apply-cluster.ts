import { BdeError } from '../../errors/bde-error.js';
import type { ObserveDepth } from '../../engine/observe.js';
import { change, runChange, type ChangeManner, type ChangePreview } from './change-cluster.js';
import { applyRequest } from './change-requests.js';
import type { DataRequest } from './find-data-folders.js';
import { readPlanFile } from './plan-file.js';
import type { OperationReport } from './run-cluster-operation.js';
import type { Surroundings } from './with-engine.js';

/** What `bde cluster apply` asks for. */
export interface ApplyOrder extends ChangeManner {
  readonly spec?: string | undefined;
  readonly overrides: readonly string[];
  readonly data: DataRequest;
  readonly refresh: ObserveDepth;
  readonly force: boolean;
}

/**
 * Applies a spec to the cluster of that name; without a spec, the name is that of a saved plan.
 *
 * @throws BdeError `USAGE` where neither is given, `PLAN_OUTDATED`
 */
export async function apply(
  name: string,
  order: ApplyOrder,
  surroundings: Surroundings,
): Promise<ChangePreview | OperationReport> {
  const { spec, overrides, data, refresh, force, plan, out, yes, 'no-rollback': keeps } = order;
  if (spec === undefined) return applySaved(name, keeps === true, { ...surroundings, data });
  const request = applyRequest({ spec, overrides, data, projectRoot: surroundings.projectRoot }, refresh, force);
  return change(name, request, { ...surroundings, data, plan, out, yes, 'no-rollback': keeps });
}

/** It was looked at when it was made: nobody is asked again. */
async function applySaved(path: string, keeps: boolean, surroundings: Surroundings): Promise<OperationReport> {
  // No cluster has such a name.
  if (!/[./]/.test(path)) {
    throw new BdeError('USAGE', `There is no spec to apply to the cluster ${path}.`, {
      subject: { cluster: path },
      hint: `Name one: bde cluster apply ${path} --spec FILE; or run a saved plan: bde cluster apply PLANFILE.`,
    });
  }
  const { cluster, request, plan } = await readPlanFile(path);
  const asked = { ...request, rollsBack: request.rollsBack && !keeps };
  return runChange(asked, surroundings, { name: cluster.name, clusterId: cluster.id, expected: plan });
}
