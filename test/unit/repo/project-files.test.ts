import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listProjectFiles, type ProjectPlace } from '../../../src/repo/build/project-files.js';
import type { FileSource } from '../../../src/repo/definition/repo-definition.js';

let folder: string;
let place: ProjectPlace;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-project-'));
  const projectRoot = join(folder, 'project');
  place = { buildFile: join(projectRoot, 'repos', 'x', 'build.yaml'), projectRoot };
  await mkdir(join(projectRoot, 'repos', 'x', 'files', '__pycache__'), { recursive: true });
  await writeFile(join(folder, 'secret'), 'outside');
  await writeFile(join(projectRoot, 'repos', 'x', 'files', 'run.py'), '#!/usr/bin/python3\n');
  await chmod(join(projectRoot, 'repos', 'x', 'files', 'run.py'), 0o755);
  await writeFile(join(projectRoot, 'repos', 'x', 'files', 'data.json'), '{}');
  await writeFile(join(projectRoot, 'repos', 'x', 'files', '.hidden'), '');
  await writeFile(join(projectRoot, 'repos', 'x', 'files', '__pycache__', 'run.cpython.pyc'), '');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function source(from: string): [FileSource, string] {
  return [{ path: '/usr/lib/x', owner: 'root', group: 'root', mode: null, config: false, source: { from } }, from];
}

async function targets(from: string): Promise<readonly (readonly [string, boolean])[]> {
  const files = await listProjectFiles(...source(from), place);
  return files.map(({ target, isExecutable }) => [target, isExecutable]);
}

describe('listProjectFiles', () => {
  it('brings the tree of a folder without hidden files and caches', async () => {
    expect(await targets('files')).toEqual([
      ['/usr/lib/x/data.json', false],
      ['/usr/lib/x/run.py', true],
    ]);
  });

  it('brings one file to the path itself, from above the build file too', async () => {
    expect(await targets('../x/files/run.py')).toEqual([['/usr/lib/x', true]]);
  });

  it('refuses what leads out of the project', async () => {
    await symlink(join(folder, 'secret'), join(place.projectRoot, 'repos', 'x', 'link'));

    await expect(targets('../../../secret')).rejects.toThrow(/leads out of/);
    await expect(targets('link')).rejects.toThrow(/leads out of/);
  });

  it('names a source that is not there', async () => {
    await expect(targets('nonsuch')).rejects.toMatchObject({
      code: 'REPO_FAILED',
      subject: { file: place.buildFile },
      message: expect.stringContaining('takes nonsuch, and there is no') as string,
    });
  });
});
