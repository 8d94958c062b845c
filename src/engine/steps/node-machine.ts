import type { MachineId } from '../../errors/ids.js';
import type { MachineStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { OperationContext } from '../context.js';
import type { MachineShape } from '../../plan/desired.js';
import type { MachineRecord, NodeRecord, StoreTables } from '../ports/store.js';
import { hostKeySecretName } from '../secret-names.js';
import { destroyMachine } from './destroy.js';

/** A machine with whether it may go again: one that never answered has nothing of anyone's on it. */
export interface NodeMachine {
  readonly machine: MachineRecord;
  readonly isFresh: boolean;
}

/**
 * The machine that the store has for the node, where it is what the step is about and can still be made whole; else a
 * new record. Machines that were given up are destroyed before.
 */
export async function chooseMachine(
  step: MachineStep,
  node: NodeRecord,
  context: OperationContext,
): Promise<NodeMachine> {
  const { store } = context.deps;
  const machines = (await store.nodes.listMachines(context.cluster.id)).filter((each) => each.nodeName === node.name);
  const current = machines.find((each) => each.standing === 'current');
  const kept = current === undefined ? undefined : await adopt(step, current, context);
  for (const machine of machines) if (machine !== kept?.machine) await giveUpMachine(machine, context);
  return kept ?? (await recordNewMachine(step, node, { context, machines }));
}

/** Retires and destroys. Idempotent; a kill between the two leaves a retiring machine, which is destroyed next time. */
export async function giveUpMachine(machine: MachineRecord, context: OperationContext): Promise<void> {
  await context.links.drop(machine.nodeName);
  await changeAsHolder(context, (tables) => tables.nodes.putMachine({ ...machine, standing: 'retiring' }));
  await destroyMachine(machine, context);
}

/**
 * Whether a recorded machine is the one to go on with: not where the plan asks for a newer one, nor where it is no longer
 * whole and the host key that it would need is gone (it was dropped when the machine first answered).
 */
async function adopt(
  step: MachineStep,
  machine: MachineRecord,
  context: OperationContext,
): Promise<NodeMachine | undefined> {
  const { store, provider } = context.deps;
  if (machine.generation < step.generation) return undefined;
  if ((await store.secrets.get(context.cluster.id, hostKeySecretName(machine.id))) !== undefined) {
    return { machine, isFresh: true };
  }
  const listed = (await provider.provider.list(context.cluster.id)).find(({ mark }) => mark.machineId === machine.id);
  return listed === undefined || listed.state === 'partial' ? undefined : { machine, isFresh: false };
}

async function recordNewMachine(
  step: MachineStep,
  node: NodeRecord,
  past: { readonly context: OperationContext; readonly machines: readonly MachineRecord[] },
): Promise<NodeMachine> {
  const { context, machines } = past;
  const { nodes, provider, sealer, clock } = context.deps;
  const keys = nodes.generateKeyPair(node.name);
  // A machine that was there before keeps the host key by which it is known.
  const known = await provider.access?.accessTo(node.address);
  const machine: MachineRecord = {
    id: clock.newId() as MachineId,
    clusterId: context.cluster.id,
    nodeName: node.name,
    generation: Math.max(step.generation - 1, triedGeneration(step, context), ...machines.map(generationOf)) + 1,
    standing: 'current',
    hostKey: known?.hostKey ?? keys.publicOpenSsh,
    shape: shapeOf(node, context),
    createdAt: clock.now(),
  };
  const sealedKey = await sealer.seal(keys.privateOpenSsh);
  await changeAsHolder(context, async (tables) => {
    await tables.secrets.put(context.cluster.id, hostKeySecretName(machine.id), sealedKey);
    await tables.nodes.putMachine(machine);
    await tables.nodes.putNode({ ...(await currentNode(tables, node)), applied: {} });
    await tables.facts.removeOfNode(context.cluster.id, node.name);
  });
  return { machine, isFresh: true };
}

/** As it is recorded now: what it is a member of may have changed since the operation began. */
async function currentNode(tables: StoreTables, node: NodeRecord): Promise<NodeRecord> {
  return (await tables.nodes.listNodes(node.clusterId)).find(({ name }) => name === node.name) ?? node;
}

function shapeOf({ name }: NodeRecord, { workspace }: OperationContext): MachineShape {
  const { size, swapMiB, dataDisksGiB } = workspace.shapeOf(name);
  return { size, swapMiB, dataDisksGiB };
}

/** The generation that this attempt of the step created last; its machine may be gone by now, its number is not free. */
function triedGeneration(step: MachineStep, { journal }: OperationContext): number {
  const { open, results } = journal.history(step.id);
  const tried = (open['create'] ?? results['create'])?.['generation'];
  return typeof tried === 'number' ? tried : 0;
}

function generationOf({ generation }: MachineRecord): number {
  return generation;
}
