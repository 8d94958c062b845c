import { memoByIdentity } from '../../cookbook/memo-by-identity.js';
import type { NodeName, OperationId } from '../../errors/ids.js';
import { Secret } from '../../errors/secret.js';
import type { CertificateSubject, CertifiedKey } from '../ports/certifier.js';

/**
 * How an authority stands: it signs; it is trusted, and is to sign next; or it signed before, and is trusted as long as some
 * of its certificates may be in use.
 */
export type AuthorityStanding = 'signing' | 'next' | 'former';

/** An authority that the cluster's nodes trust. */
export interface Authority extends CertifiedKey {
  readonly standing: AuthorityStanding;
}

/** The certificate of a node, and what it was made for. */
export interface NodeCertificate extends CertifiedKey {
  /** Serial number of the authority that signed it. */
  readonly authority: string;
  readonly subject: CertificateSubject;
  /** The operation that made it: it makes no second one. */
  readonly madeBy: OperationId;
}

/** All certificates of a cluster. */
export interface ClusterCertificates {
  /** In the order in which they were made; exactly one signs. */
  readonly authorities: readonly Authority[];
  readonly nodes: Readonly<Record<NodeName, NodeCertificate>>;
}

/** The authority that signs. */
export function signingAuthority({ authorities }: ClusterCertificates): Authority {
  const signing = authorities.find(({ standing }) => standing === 'signing');
  if (signing === undefined) throw new TypeError('no authority of the cluster signs');
  return signing;
}

/** The certificates of every trusted authority, PEM. */
export const trustBundle = memoByIdentity(({ authorities }: ClusterCertificates): string =>
  authorities.map(({ certificate }) => certificate).join(''),
);

/** As JSON text with the keys in the open, so a secret itself. */
export function encodeCertificates({ authorities, nodes }: ClusterCertificates): Secret {
  const revealed = {
    formatVersion: 1,
    authorities: authorities.map(reveal),
    nodes: Object.fromEntries(Object.entries(nodes).map(([name, each]) => [name, reveal(each)])),
  };
  return new Secret(JSON.stringify(revealed));
}

/** Back from `encodeCertificates`. Its shape is trusted: it was sealed. */
export function decodeCertificates(text: Secret): ClusterCertificates {
  const { authorities, nodes } = JSON.parse(text.reveal()) as {
    readonly authorities: readonly Revealed<Authority>[];
    readonly nodes: Readonly<Record<NodeName, Revealed<NodeCertificate>>>;
  };
  return {
    authorities: authorities.map(hide),
    nodes: Object.fromEntries(Object.entries(nodes).map(([name, each]) => [name, hide(each)])),
  };
}

type Revealed<Part extends CertifiedKey> = Omit<Part, 'key'> & { readonly key: string };

function reveal<Part extends CertifiedKey>(part: Part): Revealed<Part> {
  return { ...part, key: part.key.reveal() };
}

function hide<Part extends CertifiedKey>(part: Revealed<Part>): Part {
  return { ...part, key: new Secret(part.key) } as unknown as Part;
}
