import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/index.js';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';

let bde: MemoryBde;
let world: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde();
});

beforeEach(() => {
  world = bde.newWorld({ zookeeper: { packages: ['zookeeper'] } });
});

afterAll(() => bde.remove());

async function run(...argv: string[]): Promise<Ended> {
  return bde.run(world, argv);
}

describe('a command line that fits no command', () => {
  it.each([
    [['clustr', 'list'], 'error: bde has no command "clustr"; did you mean "cluster list"? [USAGE]'],
    [['cluster', 'lst'], 'error: bde has no command "cluster lst"; did you mean "cluster list"? [USAGE]'],
    [['clustr', 'list', '--help'], 'error: bde has no command "clustr"; did you mean "cluster list"? [USAGE]'],
    [['help', 'clustr'], 'error: bde has no command "clustr"; did you mean "cluster"? [USAGE]'],
    [['cluster', 'list', 'extra'], 'error: bde cluster list takes no argument; there is also "extra". [USAGE]'],
    [['--plan'], 'error: A command comes first; bde itself has no flag "--plan". [USAGE]'],
    [
      ['cluster', 'create', '--spec', 'a', '--plann'],
      'error: bde cluster create has no flag "--plann"; did you mean --plan? [USAGE]',
    ],
    [['cluster', 'show'], 'error: bde cluster show lacks the argument NAME (name of the cluster). [USAGE]'],
    [['cluster', 'create'], 'error: bde cluster create lacks the flag --spec. [USAGE]'],
    [
      ['cluster', 'converge', 'a', '--diff'],
      'error: All of the following must be provided when using --diff: --check. [USAGE]',
    ],
    [['completion', 'ksh'], 'error: Expected ksh to be one of: bash, zsh, fish. [USAGE]'],
    [['__proto__'], 'error: bde has no command "__proto__". [USAGE]'],
    [['cluster', 'constructor'], 'error: bde has no command "cluster constructor". [USAGE]'],
  ])('ends %j with 2 and says what was meant', async (argv, message) => {
    const ended = await run(...argv);

    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr.split('\n')[0]).toBe(message);
    expect(ended.stderr).toContain('\n  next:   ');
  });
});

describe('help', () => {
  it('of bde itself starts with what it is for and ends with its commands', async () => {
    const ended = await run();

    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toMatch(/^Turn a cluster spec into a running cluster/);
    expect(ended.stdout).toContain('FIRST STEPS');
    expect((await run('--help')).stdout).toBe(ended.stdout);
  });

  it.each(['cluster', 'spec'])('of the topic %s lists its commands', async (topic) => {
    const ended = await run(topic);

    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain(`  ${topic} list`);
  });

  it('is given by the word too', async () => {
    expect((await run('help', 'cluster', 'create')).stdout).toBe((await run('cluster', 'create', '--help')).stdout);
  });

  it.each(['', ...Object.keys(commands)])('of %j fits into 80 columns', async (id) => {
    const { stdout, exitCode } = await run(...id.split(':').filter((word) => word !== ''), '--help');

    expect(exitCode).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

const EVIL = [
  '../../etc/passwd',
  'a b',
  `a'b"c`,
  'a\nb',
  '$(touch pwned)',
  '`id`',
  '-rf',
  'x'.repeat(100_000),
  '',
  '%s',
  'Ä',
  '\u001b[31m',
];

describe('an argument that is meant to do harm', () => {
  const takers = [
    ['cluster', 'show'],
    ['cluster', 'delete'],
    ['cluster', 'resume'],
    ['operation', 'show'],
    ['spec', 'show'],
    ['distro', 'show'],
    ['template', 'delete'],
    ['repo', 'build'],
    ['provider', 'check'],
  ];

  it.each(takers.map((words) => [words.join(' '), words] as const))('is an unknown name to %s', async (_, words) => {
    for (const evil of EVIL) {
      const ended = await run(...words, '--', evil);

      expect([2, 3]).toContain(ended.exitCode);
      expect(ended.stderr).toMatch(/^error: /m);
      expect(ended.stderr).not.toContain('\n    at ');
      expect(ended.stderr).not.toContain('\u001b');
      expect(ended.stderr.length).toBeLessThan(600);
    }
  });

  it('makes no cluster of a name that is none', async () => {
    for (const evil of EVIL) {
      const ended = await run('cluster', 'create', '--spec', 'bare/basic', '--json', '--', evil);

      expect(ended.exitCode).toBe(2);
    }
    expect(JSON.parse((await run('cluster', 'list', '--json')).stdout)).toEqual({ formatVersion: 1, clusters: [] });
  });
});

describe('a cluster that is not there', () => {
  it('is told with the nearest name that is', async () => {
    await run('cluster', 'create', 'zk1', '--spec', 'bare/basic');

    expect((await run('cluster', 'show', 'zk2')).stderr).toContain('There is no cluster zk2; did you mean "zk1"?');
  });
});

describe('a reader that goes away', () => {
  it('ends the command quietly', async () => {
    const child = spawn(process.execPath, [join(world.dir, '../dist/main.js'), 'spec', 'schema'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: world.dir, BDE_HOME: world.home },
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();

    const [exitCode] = (await once(child, 'close')) as [number];

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('is told apart from a disk that is full', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [join(world.dir, '../dist/main.js'), 'spec', 'list'], {
      stdio: ['ignore', full, 'pipe'],
      env: { PATH: process.env['PATH'], HOME: world.dir, BDE_HOME: world.home },
    });
    closeSync(full);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));

    const [exitCode] = (await once(child, 'close')) as [number];

    expect(exitCode).toBe(1);
    expect(stderr).toBe('error: The result could not be written to stdout: ENOSPC: no space left on device, write.\n');
  });
});

describe('a home that cannot be used', () => {
  it.each(['/dev/null/home', '/proc/home'])('%s ends a command with 9', async (home) => {
    const ended = await bde.run({ ...world, home }, ['cluster', 'list']);

    expect(ended.exitCode).toBe(9);
    expect(ended.stderr).toContain('Set BDE_HOME to a folder that you may write to.');
  });
});

describe('bde spec init', () => {
  it('writes a file that validates, and never over another', async () => {
    const file = join(world.dir, 'my.json');

    expect((await run('spec', 'init', file)).exitCode).toBe(0);
    expect(await run('spec', 'validate', file)).toMatchObject({ exitCode: 0, stdout: `${file}: holds, 3 nodes\n` });

    writeFileSync(file, 'mine');
    expect((await run('spec', 'init', file)).exitCode).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

describe('bde spec validate', () => {
  it('tells every error of every file with its place and ends with 3', async () => {
    const unknown = join(world.dir, 'unknown.json');
    const typo = join(world.dir, 'typo.json');
    writeFileSync(unknown, '{"nodeGroups":[{"name":"a","roles":["zookeper"],"instanceNum":3,"instanceType":"SMALL"}]}');
    writeFileSync(typo, '{\n  "nodeGroup": []\n}');

    const ended = await run('spec', 'validate', unknown, 'mesos/basic', typo);

    expect(ended.exitCode).toBe(3);
    expect(ended.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `${unknown}: 1 error`,
        `  - ${unknown}:1:37: no cookbook has a role "zookeper"; did you mean "zookeeper"? [SPEC_UNKNOWN_ROLE]`,
        'mesos/basic: holds, 9 nodes',
        expect.stringMatching(/typo\.json:2:3: .*"nodeGroup"; did you mean "nodeGroups"\? \[FIELD_UNKNOWN\]$/),
      ]),
    );
  });
});
