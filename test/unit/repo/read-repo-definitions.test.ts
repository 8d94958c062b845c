import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  listRepoNames,
  readRepoDefinition,
  readRepoWithRequired,
} from '../../../src/repo/definition/read-repo-definitions.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bde-repos-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

/** What is looked through: the test's folder, or folders in it. */
function folders(...names: readonly string[]) {
  return (names.length === 0 ? [''] : names).map((name) => ({ path: join(root, name), bound: '/bound' }));
}

async function define(name: string, lines: readonly string[] = []): Promise<void> {
  await mkdir(join(root, name), { recursive: true });
  const text = ['formatVersion: 1', `summary: Of ${name}`, `packages: [${basename(name)}]`, ...lines, ''].join('\n');
  await writeFile(join(root, name, 'repo.yaml'), text);
}

describe('listRepoNames', () => {
  it('lists folders with a definition by name', async () => {
    await define('zookeeper');
    await define('java');
    await mkdir(join(root, 'empty'));

    expect(await listRepoNames(folders())).toEqual(['java', 'zookeeper']);
  });

  it('gives nothing where there is no folder', async () => {
    expect(await listRepoNames(folders('nonsuch'))).toEqual([]);
  });
});

describe('readRepoDefinition', () => {
  it('reads a definition with its defaults', async () => {
    await define('java');

    expect(await readRepoDefinition(folders(), 'java')).toEqual({
      name: 'java',
      summary: 'Of java',
      packages: ['java'],
      requires: [],
      rehearsal: [],
      folder: join(root, 'java'),
      buildFile: null,
      bound: '/bound',
    });
  });

  it('sorts packages and takes each once', async () => {
    await mkdir(join(root, 'x'));
    await writeFile(join(root, 'x', 'repo.yaml'), 'formatVersion: 1\nsummary: s\npackages: [b, a, b]\n');

    expect((await readRepoDefinition(folders(), 'x')).packages).toEqual(['a', 'b']);
  });

  it('finds the build file beside it', async () => {
    await define('java');
    await writeFile(join(root, 'java', 'build.yaml'), '');

    expect((await readRepoDefinition(folders(), 'java')).buildFile).toBe(join(root, 'java', 'build.yaml'));
  });

  it('names those that are there when asked for another', async () => {
    await define('java');

    await expect(readRepoDefinition(folders(), 'jav')).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: 'There is no package repo "jav"; there are: java.',
      hint: `Write ${root}/jav/repo.yaml, name another folder with --repos, or name a repo that is there.`,
    });
  });

  it('finds it in whichever folder it is, and says all that were looked through', async () => {
    await define('one/java');
    await define('two/redis');
    const both = folders('one', 'nonsuch', 'two');

    expect((await readRepoDefinition(both, 'redis')).folder).toBe(join(root, 'two/redis'));
    expect(await listRepoNames(both)).toEqual(['java', 'redis']);
    await expect(readRepoDefinition(both, 'x')).rejects.toMatchObject({
      hint: expect.stringContaining(
        `${root}/one/x/repo.yaml or ${root}/nonsuch/x/repo.yaml or ${root}/two/x/repo.yaml`,
      ) as string,
    });
  });

  it('refuses one that is there twice, and names both places', async () => {
    await define('one/java');
    await define('two/java');

    await expect(readRepoDefinition(folders('one', 'two'), 'java')).rejects.toMatchObject({
      message: `The package repo java is there twice, in ${root}/one/java and in ${root}/two/java.`,
    });
  });

  it.each(['../java', 'java/../java', '', 'a b', 'java-rehearsal', '$(id)'])('refuses the name %j', async (name) => {
    await define('java');
    await define('java-rehearsal');

    await expect(readRepoDefinition(folders(), name)).rejects.toMatchObject({ code: 'REPO_FAILED' });
  });

  it('refuses a definition without packages', async () => {
    await mkdir(join(root, 'x'));
    await writeFile(join(root, 'x', 'repo.yaml'), 'formatVersion: 1\nsummary: s\npackages: []\n');

    await expect(readRepoDefinition(folders(), 'x')).rejects.toMatchObject({
      message: expect.stringContaining('packages is empty') as string,
    });
  });
});

describe('readRepoWithRequired', () => {
  it('puts what is required first, each once', async () => {
    await define('base');
    await define('java', ['requires: [base]']);
    await define('mesos', ['requires: [java, base]']);

    const names = (await readRepoWithRequired(folders(), 'mesos')).map(({ name }) => name);

    expect(names).toEqual(['base', 'java', 'mesos']);
  });

  it('prints the way round when repos require each other', async () => {
    await define('a', ['requires: [b]']);
    await define('b', ['requires: [a]']);

    await expect(readRepoWithRequired(folders(), 'a')).rejects.toThrow('Package repos require each other: a → b → a.');
  });
});
