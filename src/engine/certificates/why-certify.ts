import type { NodeView } from '../../cookbook/types.js';
import type { NodeName } from '../../errors/ids.js';
import type { CertificateSubject } from '../ports/certifier.js';
import { signingAuthority, type ClusterCertificates } from './cluster-certificates.js';

/** What the certificate of a node is to say: the name that other nodes have for it in their hosts files, and its address. */
export function subjectOf({ name, address }: Pick<NodeView, 'name' | 'address'>): CertificateSubject {
  return { names: [name], addresses: [address] };
}

/** Why the certificate that a node has will not do, whatever is asked for; null where it does. */
export function whyCertify(
  certificates: ClusterCertificates | null,
  node: { readonly name: NodeName; readonly subject: CertificateSubject },
): string | null {
  const known = certificates?.nodes[node.name];
  if (certificates === null || known === undefined) return 'it has none yet';
  if (JSON.stringify(known.subject) !== JSON.stringify(node.subject)) return 'its names or addresses are others';
  return known.authority === signingAuthority(certificates).serial ? null : 'another authority signs by now';
}
