import { importCluster } from '../../engine/operations/import-cluster.js';
import type { EngineDependencies } from '../../engine/context.js';
import { findClusters, type FoundCluster } from '../../engine/recover/find-clusters.js';
import { proposeImport, refuseOtherHome } from '../../engine/recover/propose-import.js';
import { readRecordAt } from '../../engine/recover/read-records.js';
import { numberOf } from '../../engine/recover/record-number.js';
import { readLosses } from '../../engine/recover/tell-loss.js';
import { BdeError, isBdeError } from '../../errors/bde-error.js';
import { errorToJson } from '../../report/error-json.js';
import { renderFound, renderImported } from '../render-import.js';
import { openExistingSealer, type ProviderChoice } from '../wire.js';
import { chooseFound } from './choose-found.js';
import type { FoundLine, ImportedCluster, ImportReport } from './import-report.js';
import { describeCluster } from './describe-cluster.js';
import { withEngine, withProgress, type Surroundings } from './with-engine.js';

/** What `bde cluster import` asks for. */
export interface ImportOrder {
  readonly provider: string | undefined;
  readonly site: string | undefined;
  /** Address of a machine of the cluster. */
  readonly host: string | undefined;
  /** Name or id. */
  readonly cluster: string | undefined;
  readonly all: boolean;
  readonly acceptOlder: boolean;
  readonly plan: boolean;
}

/**
 * Takes clusters over whose machines are there and that this home does not know.
 *
 * @throws BdeError `IDENTITY_MISSING`, `UNKNOWN_CLUSTER`, `USAGE` where several are there, those of the import
 */
export async function importClusters(order: ImportOrder, surroundings: Surroundings): Promise<ImportReport> {
  // One that is made now could open nothing.
  await openExistingSealer();
  const given = { ...surroundings, provider: await providerOf(order, surroundings) };
  const chosen = await withEngine(given, (deps) => choose(order, deps));
  if (order.plan) return preview(chosen, order, given);
  const imported: ImportedCluster[] = [];
  const failures: BdeError[] = [];
  for (const found of chosen) {
    try {
      imported.push(await importOne(found, order, given));
    } catch (error) {
      if (!isBdeError(error)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  const lines = imported.flatMap(renderImported);
  if (first === undefined) return { lines, json: { formatVersion: 1, imported } };
  for (const line of lines) surroundings.say(line);
  throw chosen.length === 1 ? first : notAll(failures, chosen.length);
}

/** What is at an address says itself which provider it is of. */
async function providerOf(order: ImportOrder, surroundings: Surroundings): Promise<ProviderChoice> {
  const { provider, site, host } = order;
  const choice = { name: provider, site };
  if (host === undefined) return choice;
  const content = await withEngine({ ...surroundings, provider: choice }, async (deps) => {
    const read = await readRecordAt(deps, host, new AbortController().signal);
    refuseOtherHome(read, deps);
    return read;
  });
  return { name: content.cluster.provider, site };
}

async function choose(order: ImportOrder, deps: EngineDependencies): Promise<readonly FoundCluster[]> {
  const found = await findClusters(deps.provider.provider);
  const known = new Set((await deps.store.clusters.list()).map(({ id }) => id));
  const at = order.host;
  const here =
    at === undefined ? found : found.filter((each) => each.machines.some((one) => one.addresses.includes(at)));
  return chooseFound(here, { order, known, home: deps.home, provider: deps.provider.provider.describe().name });
}

async function preview(
  chosen: readonly FoundCluster[],
  order: ImportOrder,
  surroundings: Surroundings,
): Promise<ImportReport> {
  const found = await withEngine(surroundings, async (deps) => {
    const lines: FoundLine[] = [];
    for (const each of chosen) lines.push(await previewOne(each, order, deps));
    return lines;
  });
  return { lines: renderFound(found), json: { formatVersion: 1, found } };
}

async function previewOne(found: FoundCluster, order: ImportOrder, deps: EngineDependencies): Promise<FoundLine> {
  const { id, name, machines } = found;
  const line = { id, name, machineCount: machines.length };
  try {
    const { content, from, notes } = await proposeImport(found, deps, proposalManner(order));
    return { ...line, record: numberOf(content), from, notRestored: notes, problem: null };
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return { ...line, record: null, from: [], notRestored: [], problem: errorToJson(error) };
  }
}

async function importOne(
  found: FoundCluster,
  order: ImportOrder,
  surroundings: Surroundings,
): Promise<ImportedCluster> {
  const { result } = await withProgress({ ...surroundings, title: `import ${found.name}` }, async (deps, stop) => {
    const proposal = await proposeImport(found, deps, { ...proposalManner(order), signal: stop.abort });
    const operation = await importCluster(proposal, deps, stop);
    return {
      cluster: await describeCluster(proposal.content.cluster.name, deps.store, deps.provider.provider),
      record: numberOf(proposal.content),
      from: proposal.from,
      notRestored: await readLosses(deps, operation),
    };
  });
  return result;
}

function proposalManner({ acceptOlder }: ImportOrder) {
  return { isOlderAccepted: acceptOlder, signal: new AbortController().signal };
}

function notAll(failures: readonly BdeError[], count: number): BdeError {
  const [first] = failures;
  return new BdeError(
    first?.code ?? 'RECORD_UNUSABLE',
    `${String(failures.length)} of ${String(count)} clusters could not be imported.`,
    { hint: 'Import each by itself: bde cluster import --cluster ID.', failures },
  );
}
