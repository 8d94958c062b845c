import { join } from 'node:path';
import { readIfThere } from '../if-there.js';
import { writeAtomically } from '../write-atomically.js';
import type { ProcessIdentity } from './process-identity.js';

/** What the helper process writes down about itself once it listens. Outlives it: the port is taken again. */
export interface HelperRecord extends ProcessIdentity {
  readonly formatVersion: 1;
  readonly address: string;
  readonly port: number;
  /** Of bde. */
  readonly version: string;
}

/** Files of the helper, below its folder. */
export interface HelperFiles {
  /** Held by the helper as long as it lives. */
  readonly lock: string;
  /** Held by who starts or stops it. */
  readonly startLock: string;
  readonly record: string;
  readonly accessLog: string;
  /** Whatever it prints. */
  readonly output: string;
}

export function helperFiles(folder: string): HelperFiles {
  return {
    lock: join(folder, 'lock'),
    startLock: join(folder, 'start.lock'),
    record: join(folder, 'record.json'),
    accessLog: join(folder, 'access.log'),
    output: join(folder, 'output.log'),
  };
}

/** The record of the last helper; undefined where there was none or another format is there. */
export async function readHelperRecord(path: string): Promise<HelperRecord | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const record = JSON.parse(text) as HelperRecord | { readonly formatVersion: unknown };
  return record.formatVersion === 1 ? (record as HelperRecord) : undefined;
}

export async function writeHelperRecord(path: string, record: HelperRecord): Promise<void> {
  await writeAtomically(path, JSON.stringify(record));
}
