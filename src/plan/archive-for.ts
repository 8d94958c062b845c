import type { BackupScope } from '../cookbook/types.js';

/** What of an archive says whose data it is. */
export interface PlacedArchive {
  readonly role: string;
  readonly scope: BackupScope;
  /** Where it was taken, as `placeOf` has it. */
  readonly place: string;
}

/** A node by what a cluster of another name has too: `group-index`. */
export function placeOf({ group, index }: { readonly group: string; readonly index: number }): string {
  return `${group}-${String(index)}`;
}

/** The archive that a node gets; undefined where there is none for it. */
export function archiveFor<Archive extends PlacedArchive>(
  archives: readonly Archive[],
  wanted: { readonly role: string; readonly place: string },
): Archive | undefined {
  return archives.find(({ role, scope, place }) => role === wanted.role && (scope === 'any' || place === wanted.place));
}
