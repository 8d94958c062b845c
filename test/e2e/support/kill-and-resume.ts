import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withoutIdentities } from '../../integration/engine/without-identities.js';
import { showCluster } from './cluster.js';
import type { Home } from './home.js';
import { expectNoTraces, findTraces } from './host-traces.js';

/** A cluster that is made again and again under one name. */
export interface KilledCluster {
  readonly name: string;
  readonly create: readonly string[];
  readonly nodeCount: number;
}

/** What a cluster must be like in the end, in one home: addresses are the home's. */
export type Expected = unknown;

/** Makes the cluster whole, and gives what it is like and the fault points on the way; it is gone afterwards. */
export async function listCreatePoints(
  home: Home,
  cluster: KilledCluster,
): Promise<{ readonly points: readonly string[]; readonly expected: Expected }> {
  const file = join(home.folder, 'create-points');
  await home.json(cluster.create, { BDE_FAULT: `list:${file}` });
  const expected = withoutIdentities(await showCluster(home, cluster.name));
  await deleteCluster(home, cluster);
  return { points: linesOf(await readFile(file, 'utf8')), expected };
}

/** The fault points on the way of a delete; the cluster is gone afterwards. */
export async function listDeletePoints(home: Home, cluster: KilledCluster): Promise<readonly string[]> {
  const file = join(home.folder, 'delete-points');
  await home.json(cluster.create);
  await home.json(['cluster', 'delete', cluster.name, '--yes'], { BDE_FAULT: `list:${file}` });
  return linesOf(await readFile(file, 'utf8'));
}

function linesOf(text: string): readonly string[] {
  return text.trim().split('\n');
}

/** Kills a create at a point, resumes it, and looks that the end is the same as without the kill. Leaves no cluster. */
export async function killCreate(
  home: Home,
  cluster: KilledCluster,
  given: { readonly point: string; readonly expected: Expected },
): Promise<void> {
  const { point, expected } = given;
  const killed = await home.run(cluster.create, { BDE_FAULT: `kill@${point}` });
  expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');

  const resumed = await home.run(['cluster', 'resume', cluster.name]);

  expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
  expect(withoutIdentities(await showCluster(home, cluster.name)), point).toEqual(expected);
  expect((await findTraces(home.key, home.path)).machines, point).toHaveLength(cluster.nodeCount);
  await deleteCluster(home, cluster);
}

/** Kills a delete at a point, resumes it, and looks that nothing is left. */
export async function killDelete(home: Home, cluster: KilledCluster, point: string): Promise<void> {
  await home.json(cluster.create);
  const killed = await home.run(['cluster', 'delete', cluster.name, '--yes'], { BDE_FAULT: `kill@${point}` });
  expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');

  const resumed = await home.run(['cluster', 'resume', cluster.name]);

  expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
  expect(await home.json(['cluster', 'list']), point).toEqual({ formatVersion: 1, clusters: [] });
  await expectNoTraces(home, point);
}

async function deleteCluster(home: Home, cluster: KilledCluster): Promise<void> {
  await home.json(['cluster', 'delete', cluster.name, '--yes']);
}

/** Works off a list, one worker per home: two homes of one host do not meet. */
export async function shareOut<Item>(
  items: readonly Item[],
  homes: readonly Home[],
  work: (item: Item, home: Home) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const workOff = async (home: Home): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item, home);
  };
  await Promise.all(homes.map(workOff));
}
