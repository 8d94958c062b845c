import type { HomeName } from '../../engine/ports/cluster-records.js';
import type { FoundCluster } from '../../engine/recover/find-clusters.js';
import { BdeError } from '../../errors/bde-error.js';
import { didYouMean } from '../../spec/document/nearest-name.js';

/** What decides which of the clusters that were found are meant. */
export interface Choosing {
  readonly order: { readonly cluster: string | undefined; readonly all: boolean; readonly host: string | undefined };
  /** Ids of those that the home has. */
  readonly known: ReadonlySet<string>;
  readonly home: HomeName;
  readonly provider: string;
}

/**
 * The clusters to import: the named one, all that the home does not have, or the only one. One that the home has is taken
 * where it is named, for what its nodes know may be newer.
 *
 * @throws BdeError `UNKNOWN_CLUSTER` where there is none, `USAGE` where it is not clear which
 */
export function chooseFound(found: readonly FoundCluster[], choosing: Choosing): readonly FoundCluster[] {
  const { order, known } = choosing;
  if (found.length === 0) throw nothingThere(choosing);
  if (order.cluster !== undefined) return [named(order.cluster, found)];
  if (order.host !== undefined) return found;
  const unknown = found.filter(({ id }) => !known.has(id));
  if (unknown.length === 0) throw allKnown(found);
  if (order.all || unknown.length === 1) return unknown;
  throw new BdeError(
    'USAGE',
    `There are ${String(unknown.length)} clusters that this home does not know: ${listOf(unknown)}.`,
    {
      hint: 'Name one with --cluster NAME or --cluster ID, or take them all with --all.',
      data: { clusters: unknown.map(({ id, name }) => ({ id, name })) },
    },
  );
}

function named(asked: string, found: readonly FoundCluster[]): FoundCluster {
  const fitting = found.filter(({ id, name }) => id === asked || name === asked);
  const [first, second] = fitting;
  if (first === undefined) {
    const names = found.map(({ name }) => name);
    throw new BdeError('UNKNOWN_CLUSTER', `No machine is of a cluster ${asked}${didYouMean(asked, names) || '.'}`, {
      hint: `There are machines of ${listOf(found)}.`,
    });
  }
  if (second === undefined) return first;
  throw new BdeError(
    'USAGE',
    `There are ${String(fitting.length)} clusters of the name ${asked}: ${listOf(fitting)}.`,
    {
      hint: 'Name one by its id: --cluster ID.',
    },
  );
}

function nothingThere({ provider, home, order }: Choosing): BdeError {
  const where = order.host === undefined ? '' : ` at ${order.host}`;
  return new BdeError('UNKNOWN_CLUSTER', `The provider ${provider} has no machine of the home ${home.path}${where}.`, {
    hint:
      'Machines go by the path of the home that made them: set BDE_HOME to that path. bde cluster import --host ADDRESS, ' +
      'with the address of one of them, says which it is; --provider names another provider.',
    data: { home: home.path, homeKey: home.key },
  });
}

function allKnown(found: readonly FoundCluster[]): BdeError {
  return new BdeError(
    'UNKNOWN_CLUSTER',
    `This home knows every cluster that there are machines of: ${listOf(found)}.`,
    {
      hint: 'Where the home is older than one of them, take over what its nodes know: bde cluster import --cluster NAME.',
    },
  );
}

function listOf(clusters: readonly FoundCluster[]): string {
  return clusters.map(({ id, name, machines }) => `${name} (${id}, ${String(machines.length)} machines)`).join(', ');
}
