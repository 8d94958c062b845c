import { createCluster } from '../../engine/operations/create-cluster.js';
import type { CreateRequest } from '../../engine/operations/create-request.js';
import { preflight } from '../../engine/preflight.js';
import type { DataRequest } from './find-data-folders.js';
import { readClusterInputs, type ClusterInputsRequest } from './read-cluster-inputs.js';
import { operate, type OperationReport } from './run-cluster-operation.js';
import type { Surroundings } from './with-engine.js';

/** What `bde cluster create` asks for. */
export interface CreateOrder extends Omit<ClusterInputsRequest, keyof DataRequest>, DataRequest {
  readonly rehearsal: boolean;
}

/** Reads and checks everything, then creates the cluster. */
export async function create(order: CreateOrder, surroundings: Surroundings): Promise<OperationReport> {
  const inputs = await readClusterInputs(order, surroundings.projectRoot);
  for (const warning of inputs.warnings) surroundings.say(`warning: ${warning}`);
  const { name } = inputs.resolved;
  return operate(
    {
      ...surroundings,
      ...{ title: `create ${name}`, operation: 'create', cluster: name },
      provider: { name: order.provider, site: order.site },
      data: order,
    },
    async (deps, stop) => {
      const { repos } = inputs.distro;
      const warnings = await preflight({ ...inputs, repos, rehearsal: order.rehearsal }, deps);
      for (const warning of warnings) surroundings.say(`warning: ${warning}`);
      await createCluster(toRequest(inputs, order), deps, stop);
      return true;
    },
  );
}

/** Exactly what the engine takes, and what the audit keeps of the command. */
export function toRequest(inputs: Awaited<ReturnType<typeof readClusterInputs>>, order: CreateOrder): CreateRequest {
  const { resolved, distro, cookbooks, secrets, source } = inputs;
  const asked = {
    spec: order.spec,
    distro: order.distro ?? null,
    provider: order.provider ?? null,
    // Values may be secret; the paths say what was set.
    set: order.overrides.map((override) => override.split('=')[0] ?? ''),
    rehearsal: order.rehearsal,
  };
  return { resolved, distro, cookbooks, secrets, source, rehearsal: order.rehearsal, asked };
}
