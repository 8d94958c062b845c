import { convergeCluster } from '../../../../src/engine/operations/converge-cluster.js';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { deleteCluster } from '../../../../src/engine/operations/delete-cluster.js';
import { importCluster } from '../../../../src/engine/operations/import-cluster.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import type { Controller } from './controller.js';
import { inputsOf, type Fleet } from './fleet.js';
import { proposeLost } from './lost-home.js';
import type { Verb } from './moves.js';
import { requestOf } from './request.js';

/** The one cluster of a play. */
export const CLUSTER = 'demo';

/** Has a controller do what a verb asks for, as the commands do. False where there was nothing to do it to. */
export async function ask(asked: Verb, controller: Controller, fleet: Fleet): Promise<boolean> {
  const { deps, stop } = controller;
  const cluster = await deps.store.clusters.byName(CLUSTER);
  if (asked.verb === 'create') return cluster === undefined && create(fleet, controller);
  if (asked.verb === 'import') return importLost(controller);
  if (cluster === undefined) return false;
  switch (asked.verb) {
    case 'delete':
      await deleteCluster(deps, cluster, stop);
      return true;
    case 'resume':
      await resumeCluster(CLUSTER, deps, stop);
      return true;
    case 'converge':
      await convergeCluster({}, cluster, { deps, stop });
      return true;
    default: {
      const request = await requestOf(asked, cluster, deps);
      return changeCluster(request, cluster, { deps, stop, onWarning: () => undefined });
    }
  }
}

async function create(fleet: Fleet, { deps, stop }: Controller): Promise<true> {
  const inputs = inputsOf(fleet);
  const { roles } = parseCookbooks(inputs.cookbooks);
  const resolved = resolveSource(inputs.source, { name: CLUSTER, roles, ordinals: new Map() });
  await createCluster({ ...inputs, resolved, rehearsal: false, asked: {} }, deps, stop);
  return true;
}

async function importLost({ deps, stop }: Controller): Promise<boolean> {
  const proposal = await proposeLost(deps);
  if (proposal !== null) await importCluster(proposal, deps, stop);
  return proposal !== null;
}
