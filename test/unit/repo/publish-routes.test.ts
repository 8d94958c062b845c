import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RepoLock } from '../../../src/engine/ports/mirror.js';
import type { ClusterId, Digest } from '../../../src/errors/ids.js';
import { mirrorPaths, snapshotPath, type MirrorPaths } from '../../../src/repo/mirror-paths.js';
import { publishRoutes } from '../../../src/repo/publish-routes.js';
import { findServedFile } from '../../../src/repo/serve/find-served-file.js';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV' as ClusterId;
const OLD = 'aa'.repeat(32) as Digest;
const NEW = 'bb'.repeat(32) as Digest;

let folder: string;
let paths: MirrorPaths;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-routes-'));
  paths = mirrorPaths(folder);
  for (const digest of [OLD, NEW]) {
    await mkdir(join(snapshotPath(paths, digest), 'Packages'), { recursive: true });
    await writeFile(join(snapshotPath(paths, digest), 'Packages', 'a.rpm'), digest);
  }
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function lock(repo: string, snapshot: Digest): RepoLock {
  return { formatVersion: 1, repo, snapshot, template: OLD, rehearsal: false, packages: [], sources: [repo] };
}

function find(path: string, repo = 'java'): Promise<string | undefined> {
  return findServedFile(`/c/${ID}/${repo}/${path}`, paths);
}

describe('publishRoutes', () => {
  it('leads a cluster to its snapshot, and to the next one', async () => {
    await publishRoutes(ID, [lock('java', OLD)], paths);
    const before = await find('Packages/a.rpm');

    await publishRoutes(ID, [lock('java', NEW)], paths);

    expect(before).toBe(join(snapshotPath(paths, OLD), 'Packages', 'a.rpm'));
    expect(await find('Packages/a.rpm')).toBe(join(snapshotPath(paths, NEW), 'Packages', 'a.rpm'));
  });

  it('refuses two snapshots for one repo', async () => {
    await expect(publishRoutes(ID, [lock('java', OLD), lock('java', NEW)], paths)).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: 'Two locks give the repo java different snapshots.',
    });
  });
});

describe('findServedFile', () => {
  it('finds nothing for a repo that the cluster does not see', async () => {
    await publishRoutes(ID, [lock('java', OLD)], paths);

    expect(await find('Packages/a.rpm', 'mesos')).toBeUndefined();
    expect(await find('Packages/a.rpm', 'constructor')).toBeUndefined();
    expect(await find('Packages/b.rpm')).toBeUndefined();
  });

  it('follows no link out of the snapshot', async () => {
    await publishRoutes(ID, [lock('java', OLD)], paths);
    const top = snapshotPath(paths, OLD);
    await symlink('/etc/passwd', join(top, 'passwd'));
    await symlink(snapshotPath(paths, NEW), join(top, 'other'));
    await symlink('Packages/a.rpm', join(top, 'inner'));

    expect(await find('passwd')).toBeUndefined();
    expect(await find('other/Packages/a.rpm')).toBeUndefined();
    expect(await find('inner')).toBe(join(top, 'Packages', 'a.rpm'));
  });

  it('finds nothing below a file or under a name too long', async () => {
    await publishRoutes(ID, [lock('java', OLD)], paths);

    expect(await find('Packages/a.rpm/b')).toBeUndefined();
    expect(await find('x'.repeat(300))).toBeUndefined();
  });
});
