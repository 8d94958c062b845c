import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDataFolders } from '../../../../src/cli/services/find-data-folders.js';

let folder: string;
let site: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-folders-'));
  site = join(folder, 'bde.yaml');
  writeFileSync(site, 'formatVersion: 1\ncookbooks: [cookbooks, /srv/more]\ndistros: [distros]\nrepos: [repos]\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('findDataFolders', () => {
  it('puts the folders of the site file behind the shipped ones, relative to that file', async () => {
    const found = await findDataFolders({ cookbooks: [], distros: [], repos: [], site }, '/opt/bde');

    expect(found.cookbooks).toEqual(['/opt/bde/cookbooks', join(folder, 'cookbooks'), '/srv/more']);
    expect(found.distros).toEqual(['/opt/bde/distros', join(folder, 'distros')]);
    expect(found.repos).toEqual(['/opt/bde/repos', join(folder, 'repos')]);
  });

  it("takes the command line's folders instead, each kind for itself", async () => {
    const found = await findDataFolders(
      { cookbooks: ['mine'], distros: [], repos: ['r', 'r', '/opt/bde/repos'], site },
      '/opt/bde',
    );

    expect(found.cookbooks).toEqual(['/opt/bde/cookbooks', join(process.cwd(), 'mine')]);
    expect(found.distros).toEqual(['/opt/bde/distros', join(folder, 'distros')]);
    expect(found.repos).toEqual(['/opt/bde/repos', join(process.cwd(), 'r')]);
  });
});
