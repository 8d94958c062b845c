import { join } from 'node:path';
import type { Digest } from '../errors/ids.js';

/** Where the mirror of one home keeps its things. */
export interface MirrorPaths {
  readonly folder: string;
  /** Held while trust is made. */
  readonly trustLock: string;
  /** Held while repos are built. */
  readonly buildLock: string;
  /** CA key and certificate, TLS key and certificate: 0700. */
  readonly trust: string;
  /** GNUPGHOME of the mirror's key, and of the rehearsal repos' key: 0700. */
  readonly keyring: string;
  readonly rehearsalKeyring: string;
  /** What is being made; everything in it is stale for whoever holds the build lock. */
  readonly drafts: string;
  /** RPMs that operators bring, a folder per repo. */
  readonly incoming: string;
  /** Signed packages, a folder per key. */
  readonly pool: string;
  readonly snapshots: string;
  /** What was built, a file per repo. */
  readonly records: string;
  /** What nodes see, a file per cluster. */
  readonly routes: string;
  /** Files of cookbooks that nodes pull, a folder per cluster, named by sha256. */
  readonly contents: string;
  /** The helper process: its lock, its record and its logs. */
  readonly helper: string;
}

/** The paths below the mirror's folder. */
export function mirrorPaths(folder: string): MirrorPaths {
  return {
    folder,
    trustLock: join(folder, 'trust.lock'),
    buildLock: join(folder, 'build.lock'),
    trust: join(folder, 'trust'),
    keyring: join(folder, 'gpg', 'mirror'),
    rehearsalKeyring: join(folder, 'gpg', 'rehearsal'),
    drafts: join(folder, 'drafts'),
    incoming: join(folder, 'incoming'),
    pool: join(folder, 'pool'),
    snapshots: join(folder, 'snapshots'),
    records: join(folder, 'repos'),
    routes: join(folder, 'routes'),
    contents: join(folder, 'contents'),
    helper: join(folder, 'helper'),
  };
}

/** The folder of one snapshot: what is served as one repo. */
export function snapshotPath(paths: MirrorPaths, digest: Digest): string {
  return join(paths.snapshots, digest);
}

/** A content that the nodes of a cluster may pull. */
export function contentPath(paths: MirrorPaths, clusterId: string, sum: string): string {
  return join(paths.contents, clusterId, sum);
}
