import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildProject, type Project } from './support/project.js';

const WORDS = [
  ['mesos', 'acme'],
  ['Mesos', 'Acme'],
  ['MESOS', 'ACME'],
] as const;

let project: Project;
let home: Home;

beforeAll(async () => {
  project = await buildProject();
  for (const name of ['cookbooks', 'distros', 'repos', 'specs']) await renameBelow(join(project.root, name));
  home = await newHome(project);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

/** What `sed` and `mv` would do: every word in every file and every file name, deepest first. */
async function renameBelow(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await renameBelow(path);
    else await writeFile(path, renamed(await readFile(path, 'utf8')));
    const to = join(dirname(path), renamed(basename(path)));
    if (to !== path) await rename(path, to);
  }
}

function renamed(text: string): string {
  return WORDS.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

describe('a vendor that no code knows', () => {
  it('is data only: one that was renamed makes a cluster', async () => {
    const one = ['zookeeper', 'master', 'agent'].flatMap((group) => ['--set', `nodeGroups.${group}.instanceNum=1`]);

    const { cluster } = await home.json<OperationDocument>([
      'cluster',
      'create',
      '--spec',
      'acme/basic',
      '--rehearse',
      ...one,
    ]);

    expect(cluster?.name).toBe('acme-basic');
    expect(cluster?.state).toBe('RUNNING');
    expect(cluster?.nodes.flatMap((node) => node.roles)).toEqual(expect.arrayContaining(['acme_master', 'acme_slave']));
    expect(JSON.stringify(cluster).toLowerCase()).not.toContain('mesos');
  });
});
