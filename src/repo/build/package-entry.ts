/** One line of an RPM's file list. */
export interface PackageEntry {
  /** On the node. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'folder';
  readonly owner: string;
  readonly group: string;
  /** Octal, four digits. */
  readonly mode: string;
  /** Kept when an operator changed it. */
  readonly config: boolean;
}
