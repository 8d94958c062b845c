import { describe, expect, it } from 'vitest';
import { compileRoleRun } from '../../../src/cookbook/compile-role-run.js';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { compileInput, errorOf, makeCookbook } from './cookbook-support.js';

const STORE = makeCookbook('demo', {
  'roles/demo.yaml': [
    'summary: Store',
    'runList: ["demo::main"]',
    'backup: { scope: any, runList: ["demo::backup"] }',
    'restore: { runList: ["demo::restore"] }',
    'facts: { token: { schema: { type: string }, command: cat /token } }',
    '',
  ].join('\n'),
  'recipes/main.yaml': 'resources:\n  - file: /etc/store\n    content: x\n',
  'recipes/backup.yaml': 'resources:\n  - execute: dump\n    command: "dump {{backup.directory}}"\n',
  'recipes/restore.yaml': 'resources:\n  - execute: load\n    command: "load {{backup.directory}}"\n',
});

const INPUT = compileInput({ backup: { directory: '/b/files' } });

describe('a run of a role beside that of its run list', () => {
  it.each([
    ['backup', 'execute[dump]', 'dump /b/files'],
    ['restore', 'execute[load]', 'load /b/files'],
  ] as const)('of %s has its recipes, the folder of the files, and no facts', (which, id, command) => {
    const run = compileRoleRun(INPUT, [STORE], which);

    expect(run?.resources.map(({ id: each, parameters }) => [each, parameters['command']])).toEqual([[id, command]]);
  });

  it('is null where the role has none', () => {
    expect(compileRoleRun(INPUT, [STORE], 'remove')).toBeNull();
  });

  it('leaves the run list as it is, which knows of no folder', () => {
    const wrong = makeCookbook('demo', {
      'roles/demo.yaml': 'summary: x\nrunList: ["demo::main"]\n',
      'recipes/main.yaml': 'resources:\n  - file: /x\n    content: "{{backup.directory}}"\n',
    });

    expect(compileRun(compileInput(), [STORE]).resources.map(({ id }) => id)).toEqual([
      'file[/etc/store]',
      'fact[token]',
    ]);
    expect(errorOf(() => compileRun(compileInput(), [wrong])).code).toBe('RENDER_FAILED');
  });
});
