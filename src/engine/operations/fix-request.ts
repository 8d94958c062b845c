import type { NodeName } from '../../errors/ids.js';
import { BdeError } from '../../errors/bde-error.js';
import type { EngineDependencies } from '../context.js';
import type { ClusterRecord } from '../ports/store.js';
import { NO_CHANGE, type ChangeRequest } from './change-request.js';
import { lookAtNodes, type NodeLook } from './look-at-nodes.js';

/** A node that was mended so often within the hour is not helped by doing it again. */
const MOST_MENDINGS = 2;
/** Nodes of a cluster that are made anew within the hour, where nobody says otherwise. */
export const MOST_PER_HOUR = 5;
const WITHIN_MS = 60 * 60 * 1000;

/** How a fix is to go about. */
export interface FixOrder {
  /** Only this node; null: all that are lost. */
  readonly named: string | null;
  /** How many nodes may be made anew within the hour, those of earlier fixes counted. */
  readonly perHour: number;
  readonly isForced: boolean;
}

/**
 * How to mend what a look at the nodes found: machines that are gone or silent are made anew at their places, machines that
 * are off are started. A node whose role is ill though it answers is made anew only where it is named, for a machine that
 * answers has data. Nodes that were mended twice within the hour, or are more than may be made anew in it, are left alone;
 * the remarks say which, and why.
 *
 * @throws BdeError `UNKNOWN_NODE`
 */
export async function fixRequest(
  { named, perHour, isForced }: FixOrder,
  cluster: ClusterRecord,
  given: { readonly deps: EngineDependencies; readonly signal: AbortSignal },
): Promise<ChangeRequest> {
  const { deps, signal } = given;
  const looks = await lookAtNodes(deps, cluster, signal);
  if (named !== null && !looks.some(({ node }) => node === named)) throw unknownNode(named, cluster.name, looks);
  const choice = chooseNodes(looks, { named, perHour, past: await mendedLately(deps, cluster) });
  const namesOf = (some: readonly NodeLook[]): readonly NodeName[] => some.map(({ node }) => node);
  return {
    ...NO_CHANGE,
    kind: 'fix',
    replace: Object.fromEntries(choice.replaced.map(({ node, why }) => [node, why ?? 'asked for'] as const)),
    leaveAlone: namesOf(choice.leftAlone),
    isForced,
    remarks: [...choice.flapping.map(describeFlapping), ...describeLater(choice.later, perHour), ...choice.ill],
    asked: { node: named, started: namesOf(choice.started) },
  };
}

interface FixChoice {
  readonly replaced: readonly NodeLook[];
  readonly started: readonly NodeLook[];
  /** Broken ones that stay as they are, whatever the reason. */
  readonly leftAlone: readonly NodeLook[];
  readonly flapping: readonly NodeLook[];
  readonly later: readonly NodeLook[];
  readonly ill: readonly string[];
}

function chooseNodes(
  looks: readonly NodeLook[],
  given: { readonly named: string | null; readonly perHour: number; readonly past: PastMendings },
): FixChoice {
  const { named, perHour, past } = given;
  const broken = looks.filter((look) => isLost(look) || look.health === 'off');
  const wanted = named === null ? broken : looks.filter(({ node }) => node === named);
  const flapping = wanted.filter(({ node }) => (past.byNode.get(node) ?? 0) >= MOST_MENDINGS);
  const mended = wanted.filter((look) => !flapping.includes(look));
  const started = mended.filter(({ health }) => named === null && health === 'off');
  const lost = mended.filter((look) => !started.includes(look));
  const replaced = lost.slice(0, Math.max(0, perHour - past.replaced));
  const others = named === null ? looks.filter(({ health }) => health === 'unhealthy') : [];
  return {
    replaced,
    started,
    leftAlone: broken.filter((look) => !replaced.includes(look) && !started.includes(look)),
    flapping,
    later: lost.filter((look) => !replaced.includes(look)),
    ill: others.map(
      ({ node, why }) => `${node} answers, but is ill (${why ?? ''}): name it to have it made anew, data and all`,
    ),
  };
}

function isLost({ health }: NodeLook): boolean {
  return health === 'gone' || health === 'silent';
}

function describeFlapping({ node }: NodeLook): string {
  return `${node} was mended ${String(MOST_MENDINGS)} times within the hour and is left alone`;
}

function describeLater(later: readonly NodeLook[], perHour: number): readonly string[] {
  if (later.length === 0) return [];
  const names = later.map(({ node }) => node).join(', ');
  return [`${names}: left for later, for at most ${String(perHour)} nodes are made anew within an hour (--per-hour)`];
}

/** What fixes of the last hour did, by node, and how many machines they replaced. */
interface PastMendings {
  readonly byNode: ReadonlyMap<NodeName, number>;
  readonly replaced: number;
}

async function mendedLately(deps: EngineDependencies, cluster: ClusterRecord): Promise<PastMendings> {
  const byNode = new Map<NodeName, number>();
  let replaced = 0;
  for (const { kind, startedAt, request } of await deps.store.operations.list(cluster.id)) {
    if (kind !== 'fix' || startedAt < deps.clock.now() - WITHIN_MS) continue;
    const { started = [] } = request['asked'] as { readonly started?: readonly NodeName[] };
    const anew = Object.keys(request['replace'] ?? {}) as NodeName[];
    replaced += anew.length;
    for (const node of [...anew, ...started]) byNode.set(node, (byNode.get(node) ?? 0) + 1);
  }
  return { byNode, replaced };
}

function unknownNode(named: string, cluster: string, looks: readonly NodeLook[]): BdeError {
  const known = looks.map(({ node }) => node).join(', ');
  return new BdeError('UNKNOWN_NODE', `The cluster ${cluster} has no node ${JSON.stringify(named)}; it has ${known}.`, {
    subject: { cluster, node: named },
    hint: `See them with bde cluster show ${cluster}.`,
  });
}
