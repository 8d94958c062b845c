import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A call of a fake that waits until the test lets it go. */
export interface HeldCall {
  /** Resolves once a process has come to the call. */
  reached(): Promise<void>;
  /** Lets it go on. */
  release(): void;
}

const PAUSE_MS = 10;

/** Makes the next process that comes to a call wait there; others pass. Names are like `create zk-zookeeper-0`. */
export function holdNext(dir: string, name: string): HeldCall {
  const wanted = `${join(dir, 'holds', fileOf(name))}.${randomUUID()}.wanted`;
  const held = heldOf(wanted);
  mkdirSync(join(dir, 'holds'), { recursive: true });
  writeFileSync(wanted, '');
  return {
    async reached() {
      for (let turn = 0; turn < 3000; turn += 1) {
        if (existsSync(held)) return;
        await sleep(PAUSE_MS);
      }
      throw new Error(`nobody came to ${name} within ${String((3000 * PAUSE_MS) / 1000)} s`);
    },
    release() {
      rmSync(wanted, { force: true });
      rmSync(held, { force: true });
    },
  };
}

/** Waits where a test asked for it. */
export async function passHoldPoint(dir: string, name: string): Promise<void> {
  const folder = join(dir, 'holds');
  if (!existsSync(folder)) return;
  const wanted = readdirSync(folder).find((file) => file.startsWith(`${fileOf(name)}.`) && file.endsWith('.wanted'));
  if (wanted === undefined) return;
  const held = heldOf(join(folder, wanted));
  try {
    renameSync(join(folder, wanted), held);
  } catch {
    // Another process was quicker: it is held, this one passes.
    return;
  }
  while (existsSync(held)) await sleep(PAUSE_MS);
}

function fileOf(name: string): string {
  return name.replaceAll('/', '_');
}

function heldOf(wanted: string): string {
  return wanted.replace(/\.wanted$/, '.held');
}
