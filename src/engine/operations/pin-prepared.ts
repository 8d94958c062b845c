import { BdeError } from '../../errors/bde-error.js';
import { isWithin } from '../../plan/allocate-addresses.js';
import { changeAsHolder } from '../change-as-holder.js';
import { pinHome, type PinnedHome } from '../pins.js';
import type { ClusterRecord } from '../ports/store.js';
import type { PreparedHome } from '../prepare.js';
import type { OperationRun } from './operation-run.js';

/** Pins what preparing gave, for this cluster alone. */
export async function pinPrepared(run: OperationRun, prepared: PreparedHome): Promise<ClusterRecord> {
  await refuseMovedNetwork(run, prepared);
  const { cluster } = run;
  const pins = await changeAsHolder(run, async (tables) => {
    const pinned = await pinHome(tables.blobs, cluster.pins, toPinnedHome(prepared, cluster));
    await tables.clusters.update(cluster.id, { pins: pinned });
    return pinned;
  });
  run.deps.faults.reach({ kind: 'pin-home' }, 'recorded');
  return { ...cluster, pins };
}

/** Addresses were reserved before the network was there; between the two another network may have taken its range. */
async function refuseMovedNetwork({ deps, cluster }: OperationRun, { network }: PreparedHome): Promise<void> {
  const [node] = await deps.store.nodes.listNodes(cluster.id);
  if (node === undefined || isWithin(node.address, network.range)) return;
  throw new BdeError(
    'PREFLIGHT_FAILED',
    `The network ${network.name} is ${network.cidr} now; the addresses of ${cluster.name} were reserved in another one (${node.address}).`,
    {
      subject: { cluster: cluster.name },
      hint: `Delete it and create it again: bde cluster delete ${cluster.name}.`,
    },
  );
}

function toPinnedHome(prepared: PreparedHome, cluster: ClusterRecord): PinnedHome {
  const { network, trust } = prepared;
  return {
    template: prepared.template.digest,
    network: network.name,
    prefixLength: Number(network.cidr.split('/')[1]),
    hostAddress: network.hostAddress,
    caCertificate: trust.caCertificate,
    packageKeys: {
      'RPM-GPG-KEY-bde': trust.gpgKey,
      ...(cluster.rehearsal ? { 'RPM-GPG-KEY-bde-rehearsal': trust.rehearsalGpgKey } : {}),
    },
    mirrorUrl: prepared.endpoint?.url ?? null,
    locks: prepared.locks,
  };
}
