import type { Digest, NodeName } from '../../errors/ids.js';
import type { PlacedArchive } from '../../plan/archive-for.js';

/** What a backup says of itself: whose data it has, since when, and how to tell that it is whole. */
export interface BackupManifest {
  readonly formatVersion: 1;
  /** That of the operation which took it. */
  readonly id: string;
  readonly cluster: { readonly id: string; readonly name: string };
  /** `name@version` */
  readonly distro: string;
  /** Milliseconds since 1970; what was written before is in it. */
  readonly takenAt: number;
  /** In the order in which the roles require each other, then of the nodes. */
  readonly archives: readonly BackupArchive[];
}

/** The data of a role: of all its nodes, or of one of them. */
export interface BackupArchive extends PlacedArchive, ArchiveSum {
  readonly node: NodeName;
  /** In the backup's folder: a tar.gz, sealed to the operator identity. */
  readonly file: string;
  readonly takenAt: number;
  /** Packages of the role by name, as they were locked. */
  readonly packages: Readonly<Record<string, string>>;
}

/** A backup that is being made: it is in no list until it is whole. */
export interface BackupDraft {
  /** Where the folder of the backup appears. */
  readonly folder: string;
  readonly clusterId: string;
  readonly id: string;
}

/** What an archive is before it is sealed. */
export interface ArchiveSum {
  readonly bytes: number;
  readonly sha256: Digest;
}

/** A whole backup, and where it is. */
export interface FoundBackup {
  readonly folder: string;
  readonly manifest: BackupManifest;
}

/** Backups of the data of clusters, in folders; sealed to the operator identity, their manifests signed by it. */
export interface Backups {
  /**
   * Writes an archive of a draft, and has it on disk when it returns. What an earlier try left under the name is replaced; drafts
   * of the cluster that were given up, in the same folder, go.
   *
   * @throws BdeError `FILE_UNREADABLE` where the folder cannot be written or its disk is full
   */
  write(draft: BackupDraft, file: string, content: AsyncIterable<Uint8Array>): Promise<ArchiveSum>;

  /** Makes a backup of a draft, by one rename; gives its folder. May be called again. */
  keep(draft: BackupDraft, manifest: BackupManifest): Promise<string>;

  /** Whole backups in a folder, and in the folders in it, newest first; those that this identity did not sign are left out. */
  list(folder: string): Promise<readonly FoundBackup[]>;

  /**
   * A backup's manifest, once it is verified.
   *
   * @throws BdeError `UNKNOWN_BACKUP` where there is none, `BACKUP_INVALID`, `IDENTITY_MISSING`
   */
  read(folder: string): Promise<BackupManifest>;

  /**
   * Reads an archive to its end: it is what the manifest says.
   *
   * @throws BdeError `BACKUP_INVALID`, `IDENTITY_MISSING`
   */
  check(folder: string, archive: ArchiveSum & { readonly file: string }): Promise<void>;

  /**
   * The content of an archive, in pieces; whether all of it is right is known at the end.
   *
   * @throws BdeError `BACKUP_INVALID`, `IDENTITY_MISSING`, from the iteration
   */
  open(folder: string, file: string): AsyncIterable<Uint8Array>;
}
