import { describe, expect, it } from 'vitest';
import type { TemplateShell } from '../../../src/engine/ports/provider.js';
import type { Digest } from '../../../src/errors/ids.js';
import { solveClosure } from '../../../src/repo/lock/solve-closure.js';

const TEMPLATE = 'aa'.repeat(32) as Digest;
const QUESTION = {
  repo: 'zookeeper',
  packages: ['zookeeper'],
  repos: [
    { name: 'java', folder: '/m/snapshots/1' },
    { name: 'zookeeper', folder: '/m/snapshots/2' },
  ],
};

/** A shell that answers once and keeps what it was asked. */
function shellThatSays(exitCode: number, stdout: string, stderr = '') {
  const asked: { argv: readonly string[]; binds: readonly string[] }[] = [];
  const shell: TemplateShell = {
    runInTemplate: (_template, argv, { binds }) => {
      asked.push({ argv, binds });
      return Promise.resolve({ exitCode, stdout, stderr });
    },
  };
  return { shell, asked };
}

describe('solveClosure', () => {
  it('asks for the packages with each repo and its folder', async () => {
    const { shell, asked } = shellThatSays(0, '');

    await solveClosure(QUESTION, TEMPLATE, shell);

    expect(asked[0]?.argv.slice(3)).toEqual([
      'solve-closure',
      'zookeeper',
      '--',
      'java',
      '/m/snapshots/1',
      'zookeeper',
      '/m/snapshots/2',
    ]);
    expect(asked[0]?.binds).toEqual(['/m/snapshots/1', '/m/snapshots/2']);
  });

  it('reads one package a line', async () => {
    const { shell } = shellThatSays(0, 'java-17-1.x86_64 java\nzookeeper-3.8.0-1.noarch zookeeper\n');

    expect(await solveClosure(QUESTION, TEMPLATE, shell)).toEqual([
      { nevra: 'java-17-1.x86_64', repo: 'java' },
      { nevra: 'zookeeper-3.8.0-1.noarch', repo: 'zookeeper' },
    ]);
  });

  it('hands on what the solver said, with the ways out', async () => {
    const { shell } = shellThatSays(1, '', 'nothing provides jetty needed by zookeeper\n');

    await expect(solveClosure(QUESTION, TEMPLATE, shell)).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message:
        'The packages of the repo zookeeper cannot be installed in the template: nothing provides jetty needed by zookeeper',
      hint: expect.stringContaining('repos/zookeeper/build.yaml') as string,
    });
  });
});
