import { createHash } from 'node:crypto';
import type { Digest } from '../../errors/ids.js';
import { repoFailed } from '../repo-error.js';
import type { PlainFile } from './plain-files.js';
import type { RpmFacts } from './read-rpm.js';

/** An RPM on this host, with what its header says. */
export interface RpmFile extends RpmFacts {
  readonly path: string;
}

/** The name of a package's file in a repo: its nevra without epoch, as RPM itself names files. */
export function rpmFileName({ nevra, name }: RpmFacts): string {
  const edition = nevra.slice(name.length + 1).replace(/^\d+:/, '');
  return `${name}-${edition}.rpm`;
}

/**
 * The same packages by name and edition, each once.
 *
 * @throws BdeError `REPO_FAILED` when two files of one edition have different content
 */
export function withoutTwins(files: readonly RpmFile[]): readonly RpmFile[] {
  const byEdition = new Map<string, RpmFile>();
  for (const file of files) {
    const twin = byEdition.get(file.nevra);
    if (twin !== undefined && twin.digest !== file.digest) {
      throw repoFailed(`${twin.path} and ${file.path} are both ${file.nevra}, with different content.`, {
        hint: `Remove one of them.`,
        subject: { file: file.path },
      });
    }
    byEdition.set(file.nevra, twin ?? file);
  }
  return [...byEdition.values()].sort((a, b) => (a.nevra < b.nevra ? -1 : 1));
}

/** What a set of packages and plain files is called by: their names and contents, whoever signed them. */
export function digestPackages(files: readonly RpmFile[], plainFiles: readonly PlainFile[] = []): Digest {
  const content = files.map((file) => [rpmFileName(file), file.digest]).sort();
  const plain = plainFiles.map(({ name, sha256 }) => [name, sha256]).sort();
  return createHash('sha256')
    .update(JSON.stringify(['snapshot-1', content, ...(plain.length === 0 ? [] : [plain])]))
    .digest('hex') as Digest;
}
