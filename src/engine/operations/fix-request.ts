import type { NodeName } from '../../errors/ids.js';
import { BdeError } from '../../errors/bde-error.js';
import type { EngineDependencies } from '../context.js';
import type { ClusterRecord } from '../ports/store.js';
import { NO_CHANGE, type ChangeRequest } from './change-request.js';
import { lookAtNodes, type NodeLook } from './look-at-nodes.js';

/** A node that was made anew so often within the hour is not helped by another machine. */
const MOST_REPLACEMENTS = 2;
const WITHIN_MS = 60 * 60 * 1000;

/** What mending a cluster comes to, and which nodes are left alone, and why. */
export interface FixProposal {
  readonly request: ChangeRequest;
  readonly leftAlone: readonly string[];
}

/**
 * How to mend what a look at the nodes found: machines that are gone or silent are made anew at their places, machines that
 * are off are started. A node whose role is ill though it answers is made anew only where it is named, for a machine that
 * answers has data. A node that was made anew twice within the hour is left alone.
 *
 * @throws BdeError `UNKNOWN_NODE`
 */
export async function fixRequest(
  named: string | null,
  cluster: ClusterRecord,
  given: { readonly deps: EngineDependencies; readonly signal: AbortSignal; readonly isForced: boolean },
): Promise<FixProposal> {
  const { deps, signal, isForced } = given;
  const looks = await lookAtNodes(deps, cluster, signal);
  if (named !== null && !looks.some(({ node }) => node === named)) throw unknownNode(named, cluster.name, looks);
  const ill = looks.filter((look) => (named === null ? isLost(look) : look.node === named));
  const past = await replacedLately(deps, cluster);
  const flapping = ill.filter(({ node }) => (past.get(node) ?? 0) >= MOST_REPLACEMENTS);
  const mended = ill.filter((look) => !flapping.includes(look));
  const replace = Object.fromEntries(mended.map(({ node, why }) => [node, why ?? 'asked for'] as const));
  const others = named === null ? looks.filter(({ health }) => health === 'unhealthy') : [];
  return {
    request: { ...NO_CHANGE, kind: 'fix', replace, isForced, asked: { node: named } },
    leftAlone: [
      ...flapping.map(
        ({ node }) => `${node} was made anew ${String(MOST_REPLACEMENTS)} times within the hour and is left alone`,
      ),
      ...others.map(
        ({ node, why }) => `${node} answers, but is ill (${why ?? ''}): name it to have it made anew, data and all`,
      ),
    ],
  };
}

function isLost({ health }: NodeLook): boolean {
  return health === 'gone' || health === 'silent';
}

async function replacedLately(
  deps: EngineDependencies,
  cluster: ClusterRecord,
): Promise<ReadonlyMap<NodeName, number>> {
  const counts = new Map<NodeName, number>();
  for (const { kind, startedAt, request } of await deps.store.operations.list(cluster.id)) {
    if (kind !== 'fix' || startedAt < deps.clock.now() - WITHIN_MS) continue;
    const replaced = Object.keys(request['replace'] ?? {}) as NodeName[];
    for (const node of replaced) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

function unknownNode(named: string, cluster: string, looks: readonly NodeLook[]): BdeError {
  const known = looks.map(({ node }) => node).join(', ');
  return new BdeError('UNKNOWN_NODE', `The cluster ${cluster} has no node ${JSON.stringify(named)}; it has ${known}.`, {
    subject: { cluster, node: named },
    hint: `See them with bde cluster show ${cluster}.`,
  });
}
