import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layOutPackage, type LayoutPlace } from '../../../src/repo/build/lay-out-package.js';
import { parseBuildFile } from '../../../src/repo/definition/parse-build-file.js';

let folder: string;
let place: LayoutPlace;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-layout-'));
  place = {
    buildFile: join(folder, 'build.yaml'),
    projectRoot: folder,
    debs: [],
    scratch: join(folder, 'scratch'),
    root: join(folder, 'root'),
  };
  await mkdir(place.scratch);
  await mkdir(place.root);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function layOut(...lines: readonly string[]): ReturnType<typeof layOutPackage> {
  const head = 'formatVersion: 1\npackages:\n  - name: x\n    summary: x\n    license: x\n    version: "1"\n';
  const [definition] = parseBuildFile(head + lines.map((line) => `    ${line}\n`).join(''), 'build.yaml');
  if (definition === undefined) throw new Error('no package');
  return layOutPackage(definition, place);
}

describe('layOutPackage', () => {
  it('writes files, folders and links, and lists them by path', async () => {
    const entries = await layOut(
      'files: [{ path: /usr/bin/b, content: "text", mode: "0755" }]',
      'folders: [{ path: /var/lib/x, owner: x, group: x, mode: "0700" }]',
      'links: [{ path: /usr/bin/a, to: b }]',
    );

    expect(entries.map(({ path, kind, mode, owner }) => [path, kind, mode, owner])).toEqual([
      ['/usr/bin/a', 'link', '0777', 'root'],
      ['/usr/bin/b', 'file', '0755', 'root'],
      ['/var/lib/x', 'folder', '0700', 'x'],
    ]);
    expect(await readFile(join(place.root, 'usr/bin/b'), 'utf8')).toBe('text');
    expect(await readlink(join(place.root, 'usr/bin/a'))).toBe('b');
  });

  it('writes nothing through a link out of the package', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await symlink(outside, join(place.root, 'etc'));

    const work = layOut('files: [{ path: /etc/deep/passwd, content: "x" }]');

    await expect(work).rejects.toMatchObject({ code: 'REPO_FAILED' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('replaces a link in place of the file, not what it names', async () => {
    await mkdir(join(place.root, 'etc'));
    await symlink(place.buildFile, join(place.root, 'etc', 'x'));

    await layOut('files: [{ path: /etc/x, content: "mine" }]');

    expect(await readFile(join(place.root, 'etc', 'x'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).not.toContain('build.yaml');
  });

  it('refuses a path that is both a folder and a file', async () => {
    const work = layOut('files: [{ path: /a/b, content: "x" }]', 'links: [{ path: /a, to: c }]');

    await expect(work).rejects.toThrow('/a is a folder of the package already');
  });
});
