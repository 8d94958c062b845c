import type { NodeName } from '../../errors/ids.js';
import { signingAuthority, type AuthorityStanding, type ClusterCertificates } from './cluster-certificates.js';

/** When the certificates of a cluster end; times are ISO 8601. */
export interface CertificateForecast {
  /** Those that are trusted, in the order in which they were made. */
  readonly authorities: readonly {
    readonly serial: string;
    readonly standing: AuthorityStanding;
    readonly expiresAt: string;
  }[];
  /** In the order of the cluster; a node that has none is not among them. */
  readonly nodes: readonly {
    readonly node: NodeName;
    readonly serial: string;
    /** Serial number of the authority that signed it. */
    readonly authority: string;
    readonly expiresAt: string;
  }[];
  /** What expires first of what is in use; `node` is null where that is the authority itself. */
  readonly earliest: { readonly node: NodeName | null; readonly expiresAt: string };
  /** What should be done soon, one sentence each, with the command. */
  readonly warnings: readonly string[];
}

const DAY_MS = 24 * 3600 * 1000;
/** A warning is due when there is less left than this. */
const SOON_MS = 30 * DAY_MS;

/** Forecasts which of the certificates of these nodes, and of the authorities, expire when. */
export function forecastCertificates(
  certificates: ClusterCertificates,
  given: { readonly cluster: string; readonly nodes: readonly NodeName[]; readonly nowMs: number },
): CertificateForecast {
  const { authorities } = certificates;
  const nodes = given.nodes.flatMap((node) => {
    const known = certificates.nodes[node];
    return known === undefined ? [] : [{ node, ...known }];
  });
  const inUse = [{ node: null, expiresAt: signingAuthority(certificates).expiresAt }, ...nodes];
  const earliest = inUse.reduce((first, each) => (each.expiresAt < first.expiresAt ? each : first));
  return {
    authorities: authorities.map(({ serial, standing, expiresAt }) => ({
      serial,
      standing,
      expiresAt: iso(expiresAt),
    })),
    nodes: nodes.map(({ node, serial, authority, expiresAt }) => ({
      node,
      serial,
      authority,
      expiresAt: iso(expiresAt),
    })),
    earliest: { node: earliest.node, expiresAt: iso(earliest.expiresAt) },
    warnings: [
      ...authorityWarnings(certificates, given),
      ...nodeWarnings(nodes, given),
      ...(authorities.length === 1 ? [] : [halfWay(given.cluster)]),
    ],
  };
}

function authorityWarnings(
  certificates: ClusterCertificates,
  { cluster, nowMs }: { readonly cluster: string; readonly nowMs: number },
): readonly string[] {
  const { expiresAt } = signingAuthority(certificates);
  if (expiresAt - nowMs >= SOON_MS) return [];
  return [`The authority ${describeEnd(expiresAt, nowMs)}: bde cluster rotate-certs ${cluster} --ca`];
}

function nodeWarnings(
  nodes: readonly { readonly node: NodeName; readonly expiresAt: number }[],
  { cluster, nowMs }: { readonly cluster: string; readonly nowMs: number },
): readonly string[] {
  const due = nodes.filter(({ expiresAt }) => expiresAt - nowMs < SOON_MS).sort((a, b) => a.expiresAt - b.expiresAt);
  const [first] = due;
  if (first === undefined) return [];
  const more = due.length === 1 ? '' : `, those of ${String(due.length - 1)} more nodes soon after it`;
  const command = `bde cluster rotate-certs ${cluster}`;
  return [`The certificate of ${first.node} ${describeEnd(first.expiresAt, nowMs)}${more}: ${command}`];
}

function halfWay(cluster: string): string {
  return `Two authorities are trusted, for their exchange has not ended: bde cluster resume ${cluster}, or bde cluster rotate-certs ${cluster} --ca`;
}

/** `expires on 2027-01-31, in 12 days`, or `expired on 2026-01-31`. */
function describeEnd(expiresAt: number, nowMs: number): string {
  const day = iso(expiresAt).slice(0, 10);
  if (expiresAt <= nowMs) return `expired on ${day}`;
  return `expires on ${day}, in ${String(Math.floor((expiresAt - nowMs) / DAY_MS))} days`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
