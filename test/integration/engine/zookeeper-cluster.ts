import { expect } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeldCall } from '../../fakes/hold-points.js';
import type { MemoryBde, MemoryWorldPaths, Running } from './memory-bde.js';
import { withoutIdentities } from './without-identities.js';

/** A spec whose way passes every kind of effect: packages, roles, readiness, acceptance. */
export const CREATE = ['cluster', 'create', 'zk', '--spec', 'zookeeper/basic', '--json'];
export const DELETE = ['cluster', 'delete', 'zk', '--yes', '--json'];
export const CONVERGE = ['cluster', 'converge', 'zk', '--json'];
export const RESUME = ['cluster', 'resume', 'zk', '--json'];
export const SHOW = ['cluster', 'show', 'zk', '--json'];

/** What the mirror has for it. */
export const ZOOKEEPER_REPOS = {
  java: { packages: ['java-17-openjdk-headless'] },
  zookeeper: { packages: ['zookeeper'], requires: ['java'] },
};

/** What `show` says, less what differs from run to run. */
export async function show(bde: MemoryBde, world: MemoryWorldPaths): Promise<unknown> {
  const shown = await bde.run(world, SHOW);
  expect(shown.exitCode, shown.stdout).toBe(0);
  return withoutIdentities(JSON.parse(shown.stdout));
}

/** The fault points that a command passes. */
export async function listPoints(
  bde: MemoryBde,
  world: MemoryWorldPaths,
  argv: readonly string[],
): Promise<readonly string[]> {
  const file = join(world.dir, 'points');
  const ended = await bde.run(world, argv, { BDE_FAULT: `list:${file}` });
  expect(ended.exitCode, ended.stderr).toBe(0);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** Runs `work` on all items, two at a time: each is some processes of a second. */
export async function forEachTwo<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/** Until a command has come to a call that holds it; it must not end before. */
export async function untilHeld(held: HeldCall, running: Running): Promise<void> {
  const endedEarly = running.ended.then(({ stdout, stderr }) => {
    throw new Error(`it ended before it came there:\n${stdout}${stderr}`);
  });
  await Promise.race([held.reached(), endedEarly]);
}
