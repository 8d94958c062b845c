import type { NodeName, OperationId } from '../../errors/ids.js';
import type { CertificateAct } from '../../plan/plan.js';
import type { CertificateSubject, Certifier } from '../ports/certifier.js';
import {
  signingAuthority,
  type Authority,
  type ClusterCertificates,
  type NodeCertificate,
} from './cluster-certificates.js';

/** What is to become of a cluster's certificates. */
export interface CertificatesOrder {
  readonly act: CertificateAct;
  /** Nodes that get a new one. */
  readonly nodes: readonly { readonly name: NodeName; readonly subject: CertificateSubject }[];
  /** Every node of the cluster: certificates of others go. */
  readonly known: ReadonlySet<NodeName>;
  readonly operation: OperationId;
}

/** Who makes them, for which cluster, and when. */
export interface CertificateMaker {
  readonly certifier: Certifier;
  readonly clusterName: string;
  readonly nowMs: number;
}

/** The certificates after an order. What the same operation did before is not done again. */
export async function nextCertificates(
  current: ClusterCertificates | null,
  order: CertificatesOrder,
  maker: CertificateMaker,
): Promise<ClusterCertificates> {
  const began = current ?? { authorities: [await newAuthority('signing', maker)], nodes: {} };
  const authorities = await nextAuthorities(began.authorities, order.act, maker);
  return issue({ ...began, authorities }, order, maker);
}

async function nextAuthorities(
  authorities: readonly Authority[],
  act: CertificateAct,
  maker: CertificateMaker,
): Promise<readonly Authority[]> {
  const hasNext = authorities.some(({ standing }) => standing === 'next');
  switch (act) {
    case 'issue':
      return authorities;
    case 'trust':
      return hasNext ? authorities : [...authorities, await newAuthority('next', maker)];
    case 'sign':
      return hasNext ? authorities.map(stepUp) : authorities;
    case 'drop':
      return authorities.filter(({ standing }) => standing !== 'former');
  }
}

function stepUp(authority: Authority): Authority {
  return { ...authority, standing: authority.standing === 'next' ? 'signing' : 'former' };
}

async function newAuthority(
  standing: Authority['standing'],
  { certifier, clusterName, nowMs }: CertificateMaker,
): Promise<Authority> {
  return { ...(await certifier.makeAuthority(`bde ${clusterName}`, nowMs)), standing };
}

async function issue(
  certificates: ClusterCertificates,
  { nodes, known, operation }: CertificatesOrder,
  { certifier, nowMs }: CertificateMaker,
): Promise<ClusterCertificates> {
  const authority = signingAuthority(certificates);
  const kept = Object.entries(certificates.nodes).filter(([name]) => known.has(name as NodeName));
  const isMade = (made: NodeCertificate | undefined): boolean =>
    made?.madeBy === operation && made.authority === authority.serial;
  const wanted = nodes.filter(({ name }) => !isMade(certificates.nodes[name]));
  const made = await Promise.all(
    wanted.map(async ({ name, subject }): Promise<readonly [NodeName, NodeCertificate]> => {
      const certified = await certifier.certify(authority, subject, nowMs);
      return [name, { ...certified, authority: authority.serial, subject, madeBy: operation }];
    }),
  );
  return { ...certificates, nodes: Object.fromEntries([...kept, ...made]) };
}
