import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianFiles } from '../../integration/rehearsal-packages.js';
import type { Home } from './home.js';
import { startProgram, type Ended, type Running } from './running.js';

const PROGRAM = join(import.meta.dirname, 'zookeeper-writer.py');

/** One round of asking every member who it is. */
export interface Round {
  /** When it began. */
  readonly atMs: number;
  /** What each member said of itself (`electing`: it has no leader), by address; null where it did not answer. */
  readonly members: Readonly<Record<string, { readonly mode: string; readonly epoch: number } | null>>;
}

/** A client that writes to an ensemble all the time, and an onlooker that asks every member who it is. */
export interface ZooKeeperLoad {
  /** From now on these addresses are asked, and count as members. */
  watch(addresses: readonly string[]): Promise<void>;
  /** Writes that were acknowledged so far. */
  acknowledged(): Promise<number>;
  /** Ends writer and onlooker, and gives what the latter saw, in order. */
  stop(): Promise<readonly Round[]>;
  /** Acknowledged writes that this member does not have, one a line. */
  missingAt(address: string): Promise<Ended>;
}

/** Starts writing through members that stay, one at a time: another one when that is lost. */
export async function startLoad(home: Home, addresses: readonly string[]): Promise<ZooKeeperLoad> {
  const { python } = await debianFiles();
  const env = { PATH: process.env['PATH'], PYTHONPATH: python };
  const [writes, members, samples] = ['writes', 'members', 'samples'].map((name) => join(home.folder, name));
  if (writes === undefined || members === undefined || samples === undefined) throw new Error('three files are named');
  const program = (...argv: readonly string[]): Running =>
    startProgram(['/usr/bin/python3', PROGRAM, ...argv], { env });
  const hosts = (some: readonly string[]): string => some.map((address) => `${address}:2181`).join(',');
  await writeFile(writes, '');
  await writeFile(samples, '');
  const watch = async (some: readonly string[]): Promise<void> => {
    // In one move: a round must never see half of the list.
    await writeFile(`${members}.new`, some.join('\n'));
    await rename(`${members}.new`, members);
  };
  await watch(addresses);
  const running = [program('write', hosts(addresses), writes), program('sample', home.folder)];
  return {
    watch,
    acknowledged: async () => (await readFile(writes, 'utf8')).split('\n').length - 1,
    async stop() {
      for (const each of running) each.kill('SIGTERM');
      const ended = await Promise.all(running.map((each) => each.ended));
      const failed = ended.find(({ exitCode }) => exitCode !== 0);
      if (failed !== undefined) throw new Error(`the load ended by itself: ${failed.stderr}`);
      const lines = (await readFile(samples, 'utf8')).trim().split('\n');
      return lines.map((line) => JSON.parse(line) as Round).sort((one, other) => one.atMs - other.atMs);
    },
    missingAt: (address) => program('check', hosts([address]), writes).ended,
  };
}

/** Members that live in a round; while they elect a leader, they live and do not serve. */
export function living({ members }: Round): number {
  return Object.values(members).filter((each) => each !== null).length;
}

/** Whether fewer members live in a round than a majority of those that were asked. */
export function isBelowQuorum(round: Round): boolean {
  return living(round) * 2 <= Object.keys(round.members).length;
}

/** Whether members of a round live, and none of them knows a leader. */
export function isElecting({ members }: Round): boolean {
  const modes = Object.values(members).flatMap((each) => each?.mode ?? []);
  return modes.length > 0 && modes.every((mode) => mode === 'electing');
}

/** Whether two members of a round said that they lead in one and the same epoch. */
export function hasTwoLeaders({ members }: Round): boolean {
  const epochs = Object.values(members).flatMap((each) => (each?.mode === 'leader' ? [each.epoch] : []));
  return new Set(epochs).size < epochs.length;
}
