import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';
import { layFiles } from './own-data.js';

let bde: MemoryBde;
let world: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde();
  world = bde.newWorld();
});

afterAll(() => bde.remove());

function run(...argv: readonly string[]): Promise<Ended> {
  return bde.run(world, argv);
}

const folder = (...names: readonly string[]): string => join(world.dir, ...names);

describe('bde cookbook list', () => {
  it('says what there is, and where it lies', async () => {
    layFiles(folder('listed'), {
      'own/metadata.yaml': 'formatVersion: 1\nname: own\nversion: "3.2.1"\nsummary: Mine\n',
      'own/roles/own_role.yaml': 'summary: Mine\nrunList: []\n',
      'torn/metadata.yaml': 'formatVersion: 1\n',
    });

    const { exitCode, stdout, stderr } = await run('cookbook', 'list', '--cookbooks', folder('listed'));

    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^zookeeper +1\.0\.0 +bde +zookeeper$/m);
    expect(stdout).toMatch(new RegExp(`^own +3\\.2\\.1 +${folder('listed', 'own')} +own_role$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^torn +- +${folder('listed', 'torn')} +-$`, 'm'));
    expect(stderr).toContain(`warning: ${folder('listed', 'torn')} has 3 errors`);
  });
});

describe('bde cookbook new', () => {
  it('writes a cookbook that passes lint, with the folders above it', async () => {
    const made = await run('cookbook', 'new', 'redis', '--path', folder('ours/cookbooks'));
    const linted = await run('cookbook', 'lint', folder('ours/cookbooks/redis'));

    expect(made.exitCode, made.stderr).toBe(0);
    expect(made.stdout).toContain(`bde cookbook lint ${world.dir}/ours/cookbooks/redis`);
    expect(linted).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^1 cookbook: 0 errors, 0 warnings\n/) as string,
    });
  });

  it('overwrites nothing', async () => {
    layFiles(folder('taken'), { mine: 'x' });

    const { exitCode, stderr } = await run('cookbook', 'new', 'taken', '--path', world.dir);

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`The cookbook ${folder('taken')} cannot be made: it is there already. [USAGE]`);
  });

  it.each([
    ['Redis', '/tmp', '"Redis" is no name for a cookbook. [USAGE]'],
    ['redis', '/etc/passwd/at/all', 'it would lie below a file. [USAGE]'],
  ])('refuses %j in %s', async (name, path, message) => {
    const { exitCode, stderr } = await run('cookbook', 'new', name, '--path', path);

    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('bde cookbook docs', () => {
  it('prints a page in Markdown', async () => {
    const { exitCode, stdout } = await run('cookbook', 'docs', 'zookeeper');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^# zookeeper 1\.0\.0$/m);
    expect(stdout).toMatch(/^\| 2181 \| client \| tcp \| zookeeper \|$/m);
  });

  it('names the nearest cookbook for one that is not there', async () => {
    const { exitCode, stderr } = await run('cookbook', 'docs', 'zookeper');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no cookbook "zookeper"');
    expect(stderr).toContain('did you mean "zookeeper"?');
  });
});

describe('bde cookbook lint', () => {
  it('finds nothing to say about what comes with bde', async () => {
    const { exitCode, stdout } = await run('cookbook', 'lint');

    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('5 cookbooks: 0 errors, 0 warnings');
  });

  it('reads every command with a shell, and tells the place in the file', async () => {
    layFiles(folder('broken'), {
      'metadata.yaml': 'formatVersion: 1\nname: broken\nversion: "1.0.0"\nsummary: Broken\n',
      'attributes.yaml': 'quick: { type: boolean, default: true }\n',
      'roles/broken.yaml': 'summary: Broken\nrunList: ["broken::main"]\nready: { probe: { command: "if true" } }\n',
      'recipes/main.yaml': [
        'resources:',
        '  - execute: late',
        '    creates: /late',
        '    command: |',
        '      echo {{quote node.name}}',
        '      {{#if attributes.quick}}',
        '      echo fine',
        '      {{else}}',
        '      for x in 1 2; done',
        '      {{/if}}',
        '',
      ].join('\n'),
    });

    const { exitCode, stdout } = await run('cookbook', 'lint', folder('broken'), '--json');

    expect(exitCode).toBe(3);
    const { findings } = JSON.parse(stdout) as {
      findings: { rule: string; file: string; line: number; column: number }[];
    };
    expect(
      findings.map(({ rule, file, line, column }) => [rule, file.slice(folder('broken').length), line, column]),
    ).toEqual([
      ['shell-syntax', '/recipes/main.yaml', 9, 7],
      ['shell-syntax', '/roles/broken.yaml', 3, 29],
    ]);
  });

  it('ends with 0 where there are warnings only', async () => {
    layFiles(folder('loose'), {
      'metadata.yaml': 'formatVersion: 1\nname: loose\nversion: "1.0.0"\nsummary: Loose\n',
      'recipes/main.yaml': 'resources:\n  - execute: always\n    command: "true"\n',
    });

    const { exitCode, stdout } = await run('cookbook', 'lint', `${folder('loose')}/`);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${folder('loose')}/recipes/main.yaml:2:5: warning: execute[always] has no guard`);
    expect(stdout).toContain('1 cookbook: 0 errors, 1 warning');
  });

  it('finds ports that the node groups of a shipped spec would share', async () => {
    layFiles(folder('clash'), {
      'rival/metadata.yaml': 'formatVersion: 1\nname: rival\nversion: "1.0.0"\nsummary: Rival\n',
      'rival/roles/rival.yaml': 'summary: Rival\nrunList: []\nports: [{ name: client, port: 2181 }]\n',
    });
    layFiles(folder('clash-distros'), {
      'manifest.json': JSON.stringify([
        { name: 'rivals', version: '1', packages: [{ roles: ['zookeeper', 'rival'] }], repos: [] },
      ]),
    });

    const argv = ['cookbook', 'lint', 'rival', '--cookbooks', folder('clash'), '--distros', folder('clash-distros')];
    const { exitCode, stdout } = await run(...argv);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'rival/roles/rival.yaml:3:31: warning: the tcp port 2181 is that of zookeeper (client) too',
    );
  });
});
