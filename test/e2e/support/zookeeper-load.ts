import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianFiles } from '../../integration/rehearsal-packages.js';
import type { Home } from './home.js';
import { startProgram, type Ended, type Running } from './running.js';

const PROGRAM = join(import.meta.dirname, 'zookeeper-writer.py');

/** What each member that was asked said of itself in one round (`electing`: it has no leader); null where it did not answer. */
export type Round = Readonly<Record<string, { readonly mode: string; readonly epoch: number } | null>>;

/** A client that writes to an ensemble all the time, and an onlooker that asks every member who it is. */
export interface ZooKeeperLoad {
  /** From now on these addresses are asked, and count as members. */
  watch(addresses: readonly string[]): Promise<void>;
  /** Writes that were acknowledged so far. */
  acknowledged(): Promise<number>;
  /** Ends writer and onlooker, and gives what the latter saw. */
  stop(): Promise<readonly Round[]>;
  /** Acknowledged writes that this member does not have, one a line. */
  missingAt(address: string): Promise<Ended>;
}

/** Starts writing through one member that stays. */
export async function startLoad(home: Home, address: string): Promise<ZooKeeperLoad> {
  const { python } = await debianFiles();
  const env = { PATH: process.env['PATH'], PYTHONPATH: python };
  const [writes, members, samples] = ['writes', 'members', 'samples'].map((name) => join(home.folder, name));
  if (writes === undefined || members === undefined || samples === undefined) throw new Error('three files are named');
  const program = (...argv: readonly string[]): Running =>
    startProgram(['/usr/bin/python3', PROGRAM, ...argv], { env });
  await writeFile(writes, '');
  await writeFile(samples, '');
  await writeFile(members, address);
  const running = [program('write', `${address}:2181`, writes), program('sample', home.folder)];
  return {
    watch: (addresses) => writeFile(members, addresses.join('\n')),
    acknowledged: async () => (await readFile(writes, 'utf8')).split('\n').length - 1,
    async stop() {
      for (const each of running) each.kill('SIGTERM');
      const ended = await Promise.all(running.map((each) => each.ended));
      const failed = ended.find(({ exitCode }) => exitCode !== 0);
      if (failed !== undefined) throw new Error(`the load ended by itself: ${failed.stderr}`);
      const lines = (await readFile(samples, 'utf8')).trim().split('\n');
      return lines.map((line) => JSON.parse(line) as Round);
    },
    missingAt: (host) => program('check', `${host}:2181`, writes).ended,
  };
}

/** Members that live in a round; while they elect a leader, they live and do not serve. */
export function living(round: Round): number {
  return Object.values(round).filter((each) => each !== null).length;
}

/** Whether two members of a round said that they lead in one and the same epoch. */
export function hasTwoLeaders(round: Round): boolean {
  const epochs = Object.values(round).flatMap((each) => (each?.mode === 'leader' ? [each.epoch] : []));
  return new Set(epochs).size < epochs.length;
}
