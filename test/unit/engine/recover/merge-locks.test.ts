import { describe, expect, it } from 'vitest';
import type { RepoLock } from '../../../../src/engine/ports/mirror.js';
import { mergeLocks } from '../../../../src/engine/recover/merge-locks.js';
import type { Digest } from '../../../../src/errors/ids.js';

function lockOf(repo: string, snapshot: string, nevra: string): RepoLock {
  const packages = [{ name: 'p', nevra, digest: 'd' as Digest }];
  return {
    formatVersion: 1,
    repo,
    template: 't' as Digest,
    snapshot: snapshot as Digest,
    rehearsal: false,
    packages,
    sources: [repo],
  };
}

describe('mergeLocks', () => {
  it('takes the snapshot that the mirror has now where its packages are the same', () => {
    const merged = mergeLocks([lockOf('java', 'old', 'p-1-1.noarch')], [lockOf('java', 'new', 'p-1-1.noarch')]);

    expect(merged.locks.map(({ snapshot }) => snapshot)).toEqual(['new']);
    expect(merged.lost).toEqual([]);
  });

  it('keeps what the cluster is locked to where packages came out otherwise, and names the repo', () => {
    const merged = mergeLocks([lockOf('java', 'old', 'p-1-1.noarch')], [lockOf('java', 'new', 'p-2-1.noarch')]);

    expect(merged.locks.map(({ snapshot }) => snapshot)).toEqual(['old']);
    expect(merged.lost).toEqual(['java']);
  });

  it('names a repo that is not there', () => {
    expect(mergeLocks([lockOf('java', 'old', 'p-1-1.noarch')], []).lost).toEqual(['java']);
  });
});
