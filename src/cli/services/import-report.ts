import type { RecordNumber } from '../../engine/ports/cluster-records.js';
import type { ErrorJson } from '../../report/error-json.js';
import type { ClusterDescription } from './describe-cluster.js';

/** A cluster that was found; what would be restored of it, or why nothing. */
export interface FoundLine {
  readonly id: string;
  readonly name: string;
  readonly machineCount: number;
  /** Null where there is none that could be imported. */
  readonly record: RecordNumber | null;
  readonly from: readonly string[];
  readonly notRestored: readonly string[];
  readonly problem: ErrorJson | null;
}

/** A cluster that is known again. */
export interface ImportedCluster {
  readonly cluster: ClusterDescription;
  readonly record: RecordNumber;
  readonly from: readonly string[];
  readonly notRestored: readonly string[];
}

/** What an import, or its preview, prints. */
export interface ImportReport {
  readonly lines: readonly string[];
  readonly json:
    | { readonly formatVersion: 1; readonly found: readonly FoundLine[] }
    | { readonly formatVersion: 1; readonly imported: readonly ImportedCluster[] };
}
