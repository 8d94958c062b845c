import { existsSync } from 'node:fs';
import type { OperationRecord, Store } from '../../../engine/ports/store.js';
import type { Sealer } from '../../../engine/ports/sealer.js';
import { BdeError } from '../../../errors/bde-error.js';
import { isHolderGone } from '../../holder.js';
import { homePaths } from '../../paths.js';
import { identityPathOfProcess, isIdentityNeeded, openExistingSealer, openStore } from '../../wire.js';
import { failureOf } from './failure-of.js';
import type { ClusterFacts, IdentityFacts, StoreFacts } from './host-facts.js';

/** Without a lease nobody can tell whether the process of a home's operation lives; none of them takes this long. */
const HOME_OPERATION_MS = 3600 * 1000;

/** The store and the identity of this home. A store that is not there is not made. */
export async function gatherHomeFacts(): Promise<{ readonly store: StoreFacts; readonly identity: IdentityFacts }> {
  const path = homePaths().store;
  const none = { path, clusters: [], deadHomeOperations: [] };
  if (!existsSync(path)) {
    return { store: { ...none, state: 'absent', why: null, next: null }, identity: await readIdentity(undefined) };
  }
  let store: Store;
  try {
    store = await openStore();
  } catch (error) {
    return { store: { ...none, state: 'unusable', ...failureOf(error) }, identity: await readIdentity(undefined) };
  }
  try {
    return { store: await readStore(store, { path, now: Date.now() }), identity: await readIdentity(store) };
  } finally {
    await store.close();
  }
}

/** What a store says about clusters and about operations that nobody ends any more. */
export async function readStore(
  store: Store,
  { path, now }: { readonly path: string; readonly now: number },
): Promise<StoreFacts> {
  const clusters: ClusterFacts[] = [];
  for (const cluster of await store.clusters.list()) {
    const [last] = await store.operations.list(cluster.id);
    const lease = await store.leases.get(cluster.id);
    const isHeld = lease !== undefined && lease.expiresAt > now && !isHolderGone(lease.holder);
    clusters.push({ id: cluster.id, name: cluster.name, state: cluster.state, isHeld, last: last ?? null });
  }
  const isBusy = clusters.some(({ isHeld }) => isHeld);
  const dead = (await store.operations.list()).filter((operation) => !isBusy && isDeadHomeOperation(operation, now));
  return {
    path,
    state: 'usable',
    why: null,
    next: null,
    clusters: clusters.map((cluster) => ({ ...cluster, last: cluster.last && shortened(cluster.last) })),
    deadHomeOperations: dead.map(({ id, kind, startedAt }) => ({
      id,
      kind,
      startedAt: new Date(startedAt).toISOString(),
    })),
  };
}

function isDeadHomeOperation({ clusterId, state, startedAt }: OperationRecord, now: number): boolean {
  return clusterId === null && state === 'running' && now - startedAt > HOME_OPERATION_MS;
}

function shortened({ id, kind, state, outcome }: NonNullable<ClusterFacts['last']>): ClusterFacts['last'] {
  return { id, kind, state, outcome };
}

async function readIdentity(store: Store | undefined): Promise<IdentityFacts> {
  const path = await identityPathOfProcess();
  const isNeeded = store !== undefined && (await isIdentityNeeded(store));
  try {
    const sealer = await openExistingSealer();
    if (store !== undefined) await openOneSecret(store, sealer);
    return { path, state: 'usable', isNeeded, why: null, next: null };
  } catch (error) {
    if (error instanceof BdeError && !existsSync(path)) return { path, state: 'absent', isNeeded, ...failureOf(error) };
    return { path, state: 'unusable', isNeeded, ...failureOf(error) };
  }
}

/** An identity that can be read may still be another one than that which sealed this home. */
async function openOneSecret(store: Store, sealer: Sealer): Promise<void> {
  for (const { id } of await store.clusters.list()) {
    const [name] = await store.secrets.list(id);
    const sealed = name === undefined ? undefined : await store.secrets.get(id, name);
    if (sealed !== undefined) {
      await sealer.open(sealed);
      return;
    }
  }
}
