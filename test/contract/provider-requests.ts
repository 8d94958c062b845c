import type { CreateMachine } from '../../src/engine/ports/provider.js';
import type { ClusterId, Digest, MachineId, NodeName } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';

/** What tests vary about a machine; plain JSON, so that it can be given to a child process. */
export interface CreationInput {
  readonly template: Digest;
  readonly address: string;
  readonly prefixLength: number;
  readonly hostKey: { readonly privateOpenSsh: string; readonly publicOpenSsh: string };
  readonly authorizedKey?: string;
  /** Two letters or digits that make the machine id differ. */
  readonly id?: string;
  readonly cluster?: string;
  readonly node?: string;
  readonly generation?: number;
  readonly epoch?: number;
  readonly dataDisksGiB?: readonly number[];
  /** As `id`. */
  readonly disksFrom?: readonly string[];
  readonly swapMiB?: number;
}

/** A small machine. */
export function aCreation(input: CreationInput): CreateMachine {
  const machineId = machineIdOf(input.id ?? 'A1');
  const nodeName = (input.node ?? 'shop-worker-0') as NodeName;
  return {
    mark: {
      formatVersion: 1,
      machineId,
      clusterId: (input.cluster ?? 'C1') as ClusterId,
      clusterName: 'shop',
      nodeName,
      generation: input.generation ?? 1,
      epoch: input.epoch ?? 1,
    },
    template: input.template,
    cloneKind: 'linked',
    size: { cpuCount: 1, memoryMiB: 512, diskGiB: 4 },
    swapMiB: input.swapMiB ?? 0,
    dataDisksGiB: input.dataDisksGiB ?? [],
    disksFrom: (input.disksFrom ?? []).map(machineIdOf),
    guestData: {
      formatVersion: 1,
      machineId,
      hostName: nodeName,
      networks: [{ address: input.address, prefixLength: input.prefixLength }],
      hostKey: {
        privateOpenSsh: new Secret(input.hostKey.privateOpenSsh),
        publicOpenSsh: input.hostKey.publicOpenSsh,
      },
      authorizedKeys: input.authorizedKey === undefined ? [] : [input.authorizedKey],
      caCertificates: [],
      packageKeys: {},
      entropySeed: new Secret('seed'),
    },
  };
}

/** A machine id that ends with these two letters or digits. */
export function machineIdOf(id: string): MachineId {
  return `01ARZ3NDEKTSV4RRFFQ69G5F${id}` as MachineId;
}
