import type { ClusterId } from '../../errors/ids.js';
import type { Secret } from '../../errors/secret.js';
import type { ClusterRecord, FactRecord, MachineRecord, NodeRecord } from './store.js';

/** Everything that a home needs to take over a cluster that it never saw: what `import` reads. */
export interface ClusterRecordContent {
  readonly formatVersion: 2;
  /** The home that wrote it: what machines live on is named after its key. */
  readonly home: HomeName;
  /** As the store has it; its `epoch` and `recordCount` are the record's number. */
  readonly cluster: ClusterRecord;
  /** The pins, those before them, and all that they point at: contents of the store's blobs. */
  readonly blobs: readonly Buffer[];
  readonly nodes: readonly NodeRecord[];
  /** With the host key of each. */
  readonly machines: readonly MachineRecord[];
  /** Secret ones hold sealed text, as in the store. */
  readonly facts: readonly FactRecord[];
  /** Sealed text by the name that the store keeps it under: the cluster's ssh key, values of secret attributes, all others. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The private keys of the mirror that the nodes trust, as its `exportKeys` gives them. */
  readonly mirrorKeys: Secret;
}

/** A home, by its folder and by the key that all it makes on its host carries. */
export interface HomeName {
  readonly path: string;
  readonly key: string;
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

  /** Keyed digest of all that a record says but its number and the state of the moment: equal for equal content. */
  fingerprint(content: ClusterRecordContent): string;

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
