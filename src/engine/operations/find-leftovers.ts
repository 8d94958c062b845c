import type { MachineId } from '../../errors/ids.js';
import { BdeError } from '../../errors/bde-error.js';
import type { DestroyStep, Plan } from '../../plan/plan.js';
import type { ClusterContext } from '../context.js';
import type { MachineListing, MachineTrace } from '../ports/provider.js';
import type { MachineRecord } from '../ports/store.js';
import type { StepsResult } from '../run-steps.js';

/** A machine that a delete could not remove: why, where something of it is, and how to remove that by hand. */
export interface Leftover {
  readonly node: string;
  readonly machineId: string;
  readonly why: string;
  readonly traces: readonly MachineTrace[];
}

/**
 * Looks for everything that a delete should have removed: what the provider lists, and traces of each machine that was ever
 * known. Empty is the proof that nothing is left.
 *
 * @throws BdeError where the provider cannot say what it has
 */
export async function findLeftovers(
  plan: Plan,
  result: Pick<StepsResult, 'failures'>,
  context: ClusterContext,
): Promise<readonly Leftover[]> {
  const { deps, cluster } = context;
  const listed = await deps.provider.provider.list(cluster.id);
  const recorded = await deps.store.nodes.listMachines(cluster.id);
  const machines = knownMachines(plan, recorded, listed);
  const seen = await deps.provider.traces?.tracesOf([...machines.keys()]);
  return [...machines].flatMap(([machineId, node]): readonly Leftover[] => {
    const traces = seen?.get(machineId) ?? [];
    const all = traces.length > 0 ? traces : listedTraces(machineId, listed);
    return all.length === 0 ? [] : [{ node, machineId, why: whyLeft(machineId, result), traces: all }];
  });
}

/** One sentence for people: which machine, why, where, and how to remove it. */
export function describeLeftover({ node, machineId, why, traces }: Leftover): string {
  const places = traces.map(({ where, how }) => `${where}: ${how}`).join('; ');
  return `machine ${machineId} of ${node} is left (${why}). By hand: ${places}`;
}

/** The error of a delete that left something. */
export function notWhole(name: string, left: readonly Leftover[], result: Pick<StepsResult, 'failures'>): BdeError {
  const [first] = left;
  const nodes = left.map(({ node }) => node).join(', ');
  const others = result.failures.flatMap(({ step, error }) =>
    step.kind !== 'destroy' && error instanceof BdeError ? [error] : [],
  );
  return new BdeError('PROVIDER_FAILED', `The cluster ${name} is not gone: machines of ${nodes} are left.`, {
    subject: { cluster: name },
    hint:
      `Remove the cause, then run bde cluster delete ${name} again; or forget what is left with ` +
      `bde cluster delete ${name} --abandon.`,
    failures: [...left.map(toFailure), ...others],
    cause: result.failures.find(({ step }) => step.kind === 'destroy' && step.node === first?.node)?.error,
    data: { left },
  });
}

function toFailure(leftover: Leftover): BdeError {
  const { node, machineId, why, traces } = leftover;
  const where = traces.map((trace) => trace.where).join(', ');
  return new BdeError('PROVIDER_FAILED', `machine ${machineId} is left, as ${where}: ${why}`, {
    subject: { node },
    hint: traces.map(({ how }) => how).join('; '),
  });
}

function knownMachines(
  { steps }: Plan,
  recorded: readonly MachineRecord[],
  listed: readonly MachineListing[],
): ReadonlyMap<MachineId, string> {
  const planned = steps.filter((step): step is DestroyStep => step.kind === 'destroy');
  return new Map([
    ...planned.map(({ machineId, node }) => [machineId as MachineId, node] as const),
    ...recorded.map(({ id, nodeName }) => [id, nodeName] as const),
    ...listed.map(({ mark }) => [mark.machineId, mark.nodeName] as const),
  ]);
}

/** What is to be said of a machine where the provider shows no traces. */
function listedTraces(machineId: MachineId, listed: readonly MachineListing[]): readonly MachineTrace[] {
  const listing = listed.find(({ mark }) => mark.machineId === machineId);
  if (listing === undefined) return [];
  return [{ where: `machine ${machineId} on ${listing.host}`, how: 'bde doctor --fix --destroy-unknown' }];
}

function whyLeft(machineId: string, { failures }: Pick<StepsResult, 'failures'>): string {
  const failed = failures.find(({ step }) => step.kind === 'destroy' && step.machineId === machineId);
  if (failed === undefined) return 'it was destroyed, and something of it is still there';
  return failed.error instanceof Error ? failed.error.message : String(failed.error);
}
