import type { ClusterId } from '../../errors/ids.js';
import type { EngineDependencies } from '../context.js';
import { CERTIFICATES_SECRET } from '../secret-names.js';
import { decodeCertificates, type ClusterCertificates } from './cluster-certificates.js';

/** The certificates of a cluster; null where none was ever made. */
export async function openCertificates(
  { store, sealer }: Pick<EngineDependencies, 'store' | 'sealer'>,
  clusterId: ClusterId,
): Promise<ClusterCertificates | null> {
  const sealed = await store.secrets.get(clusterId, CERTIFICATES_SECRET);
  return sealed === undefined ? null : decodeCertificates(await sealer.open(sealed));
}

/** The same for whoever asks often: they are opened again only when they were changed. */
export function rememberCertificates(
  deps: Pick<EngineDependencies, 'store' | 'sealer'>,
  clusterId: ClusterId,
): () => Promise<ClusterCertificates | null> {
  let known: { readonly sealed: string; readonly certificates: Promise<ClusterCertificates> } | null = null;
  return async () => {
    const sealed = await deps.store.secrets.get(clusterId, CERTIFICATES_SECRET);
    if (sealed === undefined) return null;
    if (known?.sealed !== sealed) known = { sealed, certificates: deps.sealer.open(sealed).then(decodeCertificates) };
    return known.certificates;
  };
}
