import { describe, expect, it } from 'vitest';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { compileInput, errorOf, makeCookbook } from './cookbook-support.js';

/** A role whose fact `token` comes from the role's file, or from this recipe. */
function cookbookWith(fact: string, recipe: string) {
  return makeCookbook('demo', {
    'roles/demo.yaml': `summary: x\nrunList: ["demo::main"]\nfacts: { token: ${fact} }\n`,
    'recipes/main.yaml': `resources:\n${recipe}`,
  });
}

const SCHEMA = '{ schema: { type: string } }';
const RESOURCE = '  - fact: token\n    command: cat /token\n';

describe('facts of a role', () => {
  it('have the same digest, wherever their command stands', () => {
    const inRole = cookbookWith('{ schema: { type: string }, command: cat /token }', '  []\n');
    const inRecipe = cookbookWith(SCHEMA, RESOURCE);

    expect(compileRun(compileInput(), [inRecipe]).digest).toBe(compileRun(compileInput(), [inRole]).digest);
  });

  it('have to be given by a resource where the role has no command', () => {
    const error = errorOf(() => compileRun(compileInput(), [cookbookWith(SCHEMA, '  []\n')]));

    expect(error.code).toBe('COOKBOOK_INVALID');
    expect(error.message).toBe('The fact token of demo has no command, and no resource of its recipes gives it');
    expect(error.hint).toBe(
      'Give it a command in roles/demo.yaml, or write "- fact: token" with a command in a recipe.',
    );
  });

  it('are not given by a resource that the node leaves out', () => {
    const leftOut = cookbookWith(SCHEMA, `${RESOURCE}    when: "{{gt node.index 0}}"\n`);

    expect(errorOf(() => compileRun(compileInput(), [leftOut])).message).toContain(
      'no resource of its recipes gives it',
    );
  });

  it('are not missed where their resource has an error of its own', () => {
    const wrong = cookbookWith(SCHEMA, '  - fact: token\n    command: "{{attributes.nothing}}"\n');

    const error = errorOf(() => compileRun(compileInput(), [wrong]));

    expect(error.failures).toEqual([]);
    expect(error.message).toContain('attributes.nothing');
  });

  it('have no guard, for each run exports them', () => {
    const guarded = cookbookWith(SCHEMA, `${RESOURCE}    only_if: test -e /token\n`);

    expect(errorOf(() => compileRun(compileInput(), [guarded])).message).toBe(
      'cookbooks/demo/recipes/main.yaml:2:5: fact[token] has a guard; allowed is "when" alone, for each run exports it',
    );
  });
});
