import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import type { Ended, MemoryBde, MemoryWorldPaths } from './memory-bde.js';
import { CREATE, ZOOKEEPER_REPOS } from './zookeeper-cluster.js';

export const IMPORT = ['cluster', 'import', '--json'];
export const RESIZE = ['cluster', 'resize', 'zk', '--group', 'zookeeper', '--yes', '--json', '--count'];
export const CONFIG = ['cluster', 'config', 'zk', '--set', 'configuration.zookeeper.tickTimeMs=3000'];
const PLAN = ['cluster', 'apply', 'zk', '--spec', 'zookeeper/basic', '--plan', '--json'];

/** What an import prints. */
export interface ImportDocument {
  readonly imported: readonly {
    readonly cluster: { readonly state: string; readonly epoch: number };
    readonly record: { readonly epoch: number; readonly count: number };
    readonly from: readonly string[];
    readonly notRestored: readonly string[];
  }[];
}

/** What a command prints that fails. */
interface FailureDocument {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

/** A ZooKeeper cluster that goes back to how it was made, at its place: what machines go by is the home's path. */
export class SavedWorld {
  readonly paths: MemoryWorldPaths;
  readonly #bde: MemoryBde;

  private constructor(bde: MemoryBde, paths: MemoryWorldPaths) {
    this.#bde = bde;
    this.paths = paths;
  }

  /** A cluster of so many members. */
  static async make(bde: MemoryBde, count: number): Promise<SavedWorld> {
    const world = new SavedWorld(bde, bde.newWorld(ZOOKEEPER_REPOS));
    await world.run([...CREATE, '--set', `nodeGroups.zookeeper.instanceNum=${String(count)}`]);
    cpSync(world.paths.dir, world.#saved, { recursive: true });
    return world;
  }

  fresh(): this {
    rmSync(this.paths.dir, { recursive: true });
    cpSync(this.#saved, this.paths.dir, { recursive: true });
    return this;
  }

  /** The home goes, with the mirror's keys and packages; the machines and what is on them stay. */
  lose(): void {
    rmSync(this.paths.home, { recursive: true });
    rmSync(join(this.paths.world, 'mirror.json'));
  }

  async run(argv: readonly string[], exitCode = 0, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const ended = await this.#bde.run(this.paths, argv, env);
    expect(ended.exitCode, `${argv.join(' ')}: ${ended.stdout}${ended.stderr}`).toBe(exitCode);
    return ended;
  }

  async failure(
    argv: readonly string[],
    exitCode: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<FailureDocument['error']> {
    return (JSON.parse((await this.run(argv, exitCode, env)).stdout) as FailureDocument).error;
  }

  async imported(more: readonly string[] = []): Promise<ImportDocument['imported'][number]> {
    const document = JSON.parse((await this.run([...IMPORT, ...more])).stdout) as ImportDocument;
    const [first] = document.imported;
    if (first === undefined) throw new Error('nothing was imported');
    return first;
  }

  /** What would follow from the spec with so many members. */
  async stepsOf(depth: 'inventory' | 'nodes', count: number): Promise<readonly unknown[]> {
    const argv = [...PLAN, '--refresh', depth, '--set', `nodeGroups.zookeeper.instanceNum=${String(count)}`];
    const planned = JSON.parse((await this.run(argv)).stdout) as { plan: { steps: readonly unknown[] } };
    return planned.plan.steps;
  }

  /** The record that the machine of a node keeps. */
  recordFile(node: string): string {
    const { machines } = readMemoryWorld(this.paths.world);
    const machine = Object.entries(machines).find(([, { mark }]) => mark.nodeName === node);
    return join(this.paths.world, 'nodes', machine?.[0] ?? '', 'record');
  }

  /** Raises the number of a node's record, which is signed. */
  forge(node: string): void {
    const file = this.recordFile(node);
    const record = JSON.parse(readFileSync(file, 'utf8')) as { readonly epoch: number };
    writeFileSync(file, `${JSON.stringify({ ...record, epoch: record.epoch + 1 })}\n`);
  }

  get #saved(): string {
    return `${this.paths.dir}-saved`;
  }
}
