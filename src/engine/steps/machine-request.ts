import { randomBytes } from 'node:crypto';
import type { MachineId } from '../../errors/ids.js';
import { Secret } from '../../errors/secret.js';
import type { OperationContext } from '../context.js';
import type { CreateMachine, GuestData } from '../ports/provider.js';
import type { MachineRecord, NodeRecord } from '../ports/store.js';
import { hostKeySecretName } from '../secret-names.js';

/**
 * What the provider is asked for: the machine of a node, and what it is told at its first boot. `earlier` machines give their
 * data disks to it.
 */
export async function machineRequest(
  machine: MachineRecord,
  { node, earlier }: { readonly node: NodeRecord; readonly earlier: readonly MachineId[] },
  context: OperationContext,
): Promise<CreateMachine> {
  const { provider } = context.deps.provider;
  const shape = context.workspace.shapeOf(node.name);
  const [cloneKind = null] = provider.describe().cloneKinds;
  return {
    mark: {
      formatVersion: 1,
      machineId: machine.id,
      clusterId: context.cluster.id,
      clusterName: context.cluster.name,
      nodeName: node.name,
      generation: machine.generation,
      epoch: context.lease.epoch,
    },
    template: context.workspace.prepared.template,
    cloneKind,
    size: shape.size,
    swapMiB: shape.swapMiB,
    dataDisksGiB: shape.dataDisksGiB,
    disksFrom: earlier,
    guestData: await guestData(machine, node, context),
  };
}

async function guestData(machine: MachineRecord, node: NodeRecord, context: OperationContext): Promise<GuestData> {
  const { store, sealer } = context.deps;
  const { prepared } = context.workspace;
  const sealedKey = await store.secrets.get(context.cluster.id, hostKeySecretName(machine.id));
  return {
    formatVersion: 1,
    machineId: machine.id,
    hostName: node.name,
    networks: [{ address: node.address, prefixLength: prepared.prefixLength }],
    hostKey: {
      // Once a machine has answered, its private key is gone from the store, and a second create only looks it up.
      privateOpenSsh: sealedKey === undefined ? new Secret('') : await sealer.open(sealedKey),
      publicOpenSsh: machine.hostKey,
    },
    authorizedKeys: [context.cluster.sshPublicKey, context.workspace.recoveryAuthorizedKey],
    caCertificates: [prepared.caCertificate],
    packageKeys: prepared.packageKeys,
    entropySeed: new Secret(randomBytes(64).toString('base64')),
  };
}
