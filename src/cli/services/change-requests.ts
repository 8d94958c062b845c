import { findMinimum } from '../../plan/find-minimum.js';
import { BdeError } from '../../errors/bde-error.js';
import type { ObserveDepth } from '../../engine/observe.js';
import { NO_CHANGE, type ChangeInputs, type ChangeRequest } from '../../engine/operations/change-request.js';
import { checkSelection, type ConvergeSelection } from '../../engine/operations/selection.js';
import { parseCookbooks } from '../../engine/parse-cookbooks.js';
import { readPinnedContent, type PinnedContent, type PinnedSource } from '../../engine/pins.js';
import type { ClusterRecord } from '../../engine/ports/store.js';
import { overrideSource } from '../../engine/resolve-source.js';
import type { MakeRequest } from './change-cluster.js';
import type { DataRequest } from './find-data-folders.js';
import { readClusterInputs } from './read-cluster-inputs.js';
import { readSiteOf, siteNameOf } from './read-site-file.js';

/** A spec from a file or the map, and where it is read. */
export interface SpecOrder {
  readonly spec: string;
  readonly overrides: readonly string[];
  readonly data: DataRequest;
  readonly projectRoot: string;
}

/** Any change of the spec: everything is read from the working tree. */
export function applyRequest(order: SpecOrder, depth: ObserveDepth, isForced: boolean): MakeRequest {
  return async (cluster) => ({
    ...NO_CHANGE,
    kind: 'apply',
    inputs: await treeInputs(cluster, order),
    depth,
    isForced,
    asked: { spec: order.spec, set: pathsOf(order.overrides) },
  });
}

/** Another number of nodes, or machines of another size: nothing is read but the pins. */
export function resizeRequest(order: {
  readonly group: string;
  readonly count?: number | undefined;
  readonly cpuCount?: number | undefined;
  readonly memoryMiB?: number | undefined;
  readonly isForced: boolean;
}): MakeRequest {
  const { group, count, cpuCount, memoryMiB, isForced } = order;
  const field = (name: string, value: number | undefined): readonly string[] =>
    value === undefined ? [] : [`nodeGroups.${group}.${name}=${String(value)}`];
  const overrides = [
    ...field('instanceNum', count),
    ...field('cpuNum', cpuCount),
    ...field('memCapacityMB', memoryMiB),
  ];
  return async (cluster, deps) => {
    const content = await readPinnedContent(deps.store.blobs, cluster.pins);
    if (count !== undefined) refuseTooFew(content, { group, count, cluster: cluster.name });
    return {
      ...NO_CHANGE,
      kind: 'resize',
      inputs: pinnedInputs(content, overrideSource(pinnedSourceOf(content, cluster), overrides)),
      isForced,
      asked: { group, count: count ?? null, cpuCount: cpuCount ?? null, memoryMiB: memoryMiB ?? null },
    };
  };
}

/** Other settings: the pinned spec or a file, with recipes and templates of the working tree. */
export function configRequest(order: Omit<SpecOrder, 'spec'> & { readonly spec: string | undefined }): MakeRequest {
  return async (cluster, deps) => {
    const content = await readPinnedContent(deps.store.blobs, cluster.pins);
    const spec = order.spec ?? pinnedSourceOf(content, cluster);
    const inputs = await treeInputs(cluster, { ...order, spec });
    refuseOtherGroups(inputs.source, pinnedSourceOf(content, cluster), cluster.name);
    const asked = { spec: order.spec ?? null, set: pathsOf(order.overrides) };
    return { ...NO_CHANGE, kind: 'config', inputs, asked };
  };
}

/** Nodes off or on, of a group or all of them. */
export function powerRequest(kind: 'stop' | 'start', group: string | undefined, isForced: boolean): MakeRequest {
  return async (cluster, deps) => {
    const selection = group === undefined ? {} : { group };
    checkSelection(selection, (await readPinnedContent(deps.store.blobs, cluster.pins)).resolved);
    const power = { to: kind === 'stop' ? ('off' as const) : ('on' as const), selection };
    return { ...NO_CHANGE, kind, power, isForced, asked: { group: group ?? null } };
  };
}

/** Services started again, some at a time. */
export function restartRequest(selection: ConvergeSelection): MakeRequest {
  return async (cluster, deps) => {
    checkSelection(selection, (await readPinnedContent(deps.store.blobs, cluster.pins)).resolved);
    const { role, group } = selection;
    return { ...NO_CHANGE, kind: 'restart', restart: selection, asked: { role: role ?? null, group: group ?? null } };
  };
}

/** New certificates; with the authority that signs them, or only trust in the next one. */
export function rotateRequest(rotate: NonNullable<ChangeRequest['rotate']>): MakeRequest {
  return () => Promise.resolve({ ...NO_CHANGE, kind: 'rotate-certs', rotate, asked: { rotate } });
}

/** Another distro, with the pinned spec and the working tree; packages are looked at anew. */
export function upgradeRequest(order: {
  readonly distro: string;
  readonly data: DataRequest;
  readonly projectRoot: string;
}): MakeRequest {
  return async (cluster, deps) => {
    const content = await readPinnedContent(deps.store.blobs, cluster.pins);
    const { distro } = order;
    const spec = overrideSource(pinnedSourceOf(content, cluster), [`distro=${distro}`]);
    const inputs = await treeInputs(cluster, { ...order, spec, overrides: [] }, distro);
    return { ...NO_CHANGE, kind: 'upgrade', inputs: { ...inputs, isPreparedAnew: true }, asked: { distro } };
  };
}

/** What was before the last change. */
export function rollbackRequest(): MakeRequest {
  return () => Promise.resolve({ ...NO_CHANGE, kind: 'rollback', inputs: 'former', asked: {} });
}

async function treeInputs(
  cluster: ClusterRecord,
  order: Omit<SpecOrder, 'spec'> & { readonly spec: string | PinnedSource },
  distro?: string,
): Promise<ChangeInputs> {
  const { spec, overrides, data, projectRoot } = order;
  // What sizes mean is the provider's that the cluster has, whichever the site takes for new ones.
  const provider = siteNameOf(cluster.provider, await readSiteOf(data.site));
  const named = { name: cluster.name, spec, distro, keptDistro: cluster.distro, provider };
  const inputs = await readClusterInputs({ ...data, ...named, overrides }, projectRoot);
  const { source, cookbooks, secrets } = inputs;
  const label = `${source.distro.name}@${source.distro.version}`;
  return { source, distro: inputs.distro, cookbooks, secrets, isPreparedAnew: label !== cluster.distro };
}

function pinnedInputs({ distro, cookbooks }: PinnedContent, source: PinnedSource): ChangeInputs {
  return { source, distro, cookbooks, secrets: new Map(), isPreparedAnew: false };
}

/** @throws BdeError `STATE_INVALID` where an older bde kept none */
export function pinnedSourceOf({ source }: PinnedContent, { name }: Pick<ClusterRecord, 'name'>): PinnedSource {
  if (source !== null) return source;
  throw new BdeError('STATE_INVALID', `The cluster ${name} was made by a bde that did not keep its spec.`, {
    subject: { cluster: name },
    hint: `Give it once: bde cluster apply ${name} --spec FILE.`,
  });
}

/** Values may be secret; the paths say what was set. */
function pathsOf(overrides: readonly string[]): readonly string[] {
  return overrides.map((override) => override.split('=')[0] ?? '');
}

function refuseTooFew(
  content: PinnedContent,
  asked: { readonly group: string; readonly count: number; readonly cluster: string },
): void {
  const minimum = findMinimum(content.resolved, parseCookbooks(content.cookbooks).roles, asked.group);
  if (minimum === null || asked.count >= minimum.count) return;
  throw new BdeError(
    'GUARD_REFUSED',
    `The group ${asked.group} cannot have ${String(asked.count)} nodes: ${minimum.role} needs at least ${String(minimum.count)} of them.`,
    {
      subject: { cluster: asked.cluster, group: asked.group, role: minimum.role },
      hint: `Allowed are ${String(minimum.count)} nodes or more; no --force gets below that.`,
      data: { allowed: minimum.count },
    },
  );
}

/** `config` changes settings, nothing else: what destroys machines has to be asked for by its own name. */
function refuseOtherGroups(next: PinnedSource, now: PinnedSource, cluster: string): void {
  if (shapeOf(next) === shapeOf(now)) return;
  throw new BdeError('USAGE', `The spec has other node groups than ${cluster}: config changes settings alone.`, {
    subject: { cluster },
    hint: `Use bde cluster apply ${cluster} --spec FILE for that.`,
  });
}

function shapeOf({ text }: PinnedSource): string {
  const spec = JSON.parse(text) as { readonly nodeGroups: readonly Readonly<Record<string, unknown>>[] };
  return JSON.stringify(spec.nodeGroups.map(({ configuration: _settings, ...group }) => group));
}

/** A look at whether the cluster does its work: every role ready, every acceptance test. */
export function verifyRequest(): MakeRequest {
  return () => Promise.resolve({ ...NO_CHANGE, kind: 'verify', asked: {} });
}
