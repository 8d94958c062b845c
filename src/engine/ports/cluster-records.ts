import type { ClusterId } from '../../errors/ids.js';
import type { Secret } from '../../errors/secret.js';
import type { MirrorTrust } from './mirror.js';
import type { ClusterRecord, MachineRecord, NodeRecord } from './store.js';

/** Everything that a home needs to take over a cluster that it never saw: what `import` reads. */
export interface ClusterRecordContent {
  readonly formatVersion: 1;
  /** As the store has it; its `epoch` and `recordCount` are the record's number. */
  readonly cluster: ClusterRecord;
  /** The resolved spec; JSON that means nothing here. */
  readonly spec: unknown;
  /** The pinned inputs; JSON that means nothing here. */
  readonly pins: unknown;
  readonly nodes: readonly NodeRecord[];
  /** With the host key of each. */
  readonly machines: readonly MachineRecord[];
  /** OpenSSH private key of the cluster; its public half is in `cluster`. */
  readonly sshPrivateKey: Secret;
  /** Null for a cluster without packages. */
  readonly trust: MirrorTrust | null;
  /** Authorities and node certificates with their keys, as the store seals them; null where none was made. */
  readonly certificates: Secret | null;
  /** The cluster's secrets by name, mirror keys among them. */
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** Orders the records of one cluster: by epoch, then by count. */
export interface RecordNumber {
  readonly epoch: number;
  /** Counts the records written under the epoch. */
  readonly count: number;
}

/** Makes and reads sealed cluster records, and knows how a node keeps one. */
export interface ClusterRecords {
  /** The record as it is left on nodes: sealed to the identity, signed by it; text of one line. */
  seal(content: ClusterRecordContent): Promise<Buffer>;

  /**
   * What a record holds, once its signature is verified; with `clusterId`, that it is of this cluster too.
   *
   * @throws BdeError `STATE_INVALID` (forged, damaged, of another cluster, unknown format), `IDENTITY_MISSING`
   */
  open(bytes: Buffer, expected?: { readonly clusterId?: ClusterId }): Promise<ClusterRecordContent>;

  /**
   * The command that installs the record on its stdin, run on a node as root. Atomic; a lower number never replaces a
   * higher one. Exit code 0: installed. 3: a higher number is there and stays, `kept EPOCH COUNT` on stdout.
   */
  installCommand(number: RecordNumber): readonly string[];

  /** The command that prints the record that a node keeps. */
  printCommand(): readonly string[];
}
