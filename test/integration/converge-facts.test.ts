import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, makeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';

const ROLE = `summary: x
runList: ["demo::main"]
facts:
  token: { schema: { type: string } }
  members: { schema: { type: array, items: { type: integer } } }
  late: { schema: { type: string }, command: "cat @/late" }
`;

describe.each(Object.entries(SHELLS))('facts of a recipe under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner.remove();
  });

  const run = (token: string, mode: 'apply' | 'check' = 'apply') => {
    const recipe = `resources:
  - execute: init
    command: echo 'a "b"' >@/token
    creates: @/token
  - fact: token
    command: ${JSON.stringify(token)}
  - fact: members
    command: echo "[1, 2]"
  - execute: late
    command: echo behind >@/late
    creates: @/late
`;
    const cookbook = makeCookbook('demo', {
      'roles/demo.yaml': ROLE.replaceAll('@', runner.folder),
      'recipes/main.yaml': recipe.replaceAll('@', runner.folder),
    });
    return runner.run(compileRun(compileInput(), [cookbook]).script, { shell, mode });
  };
  const TOKEN = 'cat @/token';
  const path = (name: string) => join(runner.folder, name);

  it('are what their commands print, of text and of JSON, beside those of the role', () => {
    const first = run(TOKEN.replace('@', runner.folder));
    const second = run(TOKEN.replace('@', runner.folder));

    expect(first.facts).toEqual({ token: 'a "b"', members: [1, 2], late: 'behind' });
    expect(second.facts).toEqual(first.facts);
    expect(second.outcomes).toEqual([
      'execute[init]: unchanged',
      'fact[token]: unchanged',
      'fact[members]: unchanged',
      'execute[late]: unchanged',
    ]);
    expect(second.detaches).toBe(0);
  });

  it('are not asked for by a check', () => {
    const { facts, outcomes } = run(`touch ${runner.folder}/asked`, 'check');

    expect(facts).toEqual({});
    expect(outcomes[1]).toBe('fact[token]: unchanged');
    expect(existsSync(path('asked'))).toBe(false);
  });

  it('end the run where their command fails, with what it said', () => {
    const { exitCode, lines, facts } = run('echo no token yet >&2; exit 3');

    expect(exitCode).toBe(1);
    expect(lines.slice(1).map(({ resource, outcome, detail }) => [resource, outcome, detail])).toEqual([
      ['fact[token]', 'failed', 'no token yet'],
      ['fact[members]', 'skipped', 'after fact[token] failed'],
      ['execute[late]', 'skipped', 'after fact[token] failed'],
    ]);
    expect(facts).toEqual({});
  });

  it('are cut where a command does not stop to print', () => {
    const { facts } = run('head -c 200000 /dev/zero | tr "\\\\0" x');

    expect(String(facts['token'])).toHaveLength(16_384);
  });
});
