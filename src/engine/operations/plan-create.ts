import type { Plan } from '../../plan/plan.js';
import type { EngineDependencies } from '../context.js';
import { planPrepare } from '../prepare.js';
import { compileAhead } from './compile-ahead.js';
import { assemblePlan, toPlan } from './converge-plan.js';
import type { CreateRequest } from './create-request.js';

const NOTHING = { nodes: [], machines: [], applied: {} };

/** What creating would do: prepare's steps, then the cluster's. Digests are null: they are known after prepare. */
export async function planCreate(
  request: CreateRequest,
  deps: EngineDependencies,
): Promise<{ readonly prepare: Plan; readonly cluster: Plan }> {
  const { resolved, distro, rehearsal } = request;
  const desired = await compileAhead(request, deps);
  const prepare = planPrepare({ repos: distro.repos, rehearsal });
  return {
    prepare: toPlan('prepare', resolved.name, { steps: prepare, observed: NOTHING }),
    cluster: assemblePlan({ operation: 'create', publish: distro.repos.length > 0 }, resolved.name, {
      desired,
      observed: NOTHING,
    }),
  };
}
