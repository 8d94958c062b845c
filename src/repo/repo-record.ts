import { join } from 'node:path';
import type { LockedPackage, RepoLock } from '../engine/ports/mirror.js';
import type { Digest } from '../errors/ids.js';
import { readIfThere } from './if-there.js';
import { repoFailed } from './repo-error.js';
import { writeAtomically } from './write-atomically.js';

/** What was built for one repo, and what was solved with it. */
export interface RepoRecord {
  readonly formatVersion: 1;
  /** `<name>` or `<name>-rehearsal`. */
  readonly repo: string;
  /** Digest of all that it was made of. */
  readonly inputs: string;
  /** Null where nothing could be built and nothing was brought. */
  readonly snapshot: Digest | null;
  /** Every package of the snapshot, by name. */
  readonly packages: readonly LockedPackage[];
  /** Solved closures, by the digest of what they were solved from. */
  readonly closures: Readonly<Record<string, SolvedClosure>>;
}

/** What a repo gives to its own closure, and which repos all of the closure is in. */
export type SolvedClosure = Pick<RepoLock, 'packages' | 'sources'>;

/** Closures are kept for so many templates. */
const MAX_CLOSURES = 8;

/**
 * The record of a repo; undefined where it was never built.
 *
 * @throws BdeError `REPO_FAILED` when the file is of another format
 */
export async function readRepoRecord(folder: string, repo: string): Promise<RepoRecord | undefined> {
  const path = join(folder, `${repo}.json`);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const record = JSON.parse(text) as RepoRecord | { readonly formatVersion: unknown };
  if (record.formatVersion === 1) return record as RepoRecord;
  throw repoFailed(`${path} has format ${JSON.stringify(record.formatVersion)}; this bde reads 1.`, {
    hint: 'Run the bde that wrote it, or remove the file to build the repo anew.',
    subject: { file: path },
  });
}

/** Replaces the record of a repo. */
export async function writeRepoRecord(folder: string, record: RepoRecord): Promise<void> {
  await writeAtomically(join(folder, `${record.repo}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** The record with one more closure; the oldest makes room. */
export function withClosure(record: RepoRecord, key: string, closure: SolvedClosure): RepoRecord {
  const kept = Object.entries(record.closures).slice(1 - MAX_CLOSURES);
  return { ...record, closures: Object.fromEntries([...kept, [key, closure]]) };
}
