import { describe, expect, it } from 'vitest';
import { matchesSelection, selects } from '../../../src/engine/operations/selection.js';
import type { NodeName } from '../../../src/errors/ids.js';

const NODE = { name: 'c-a-0' as NodeName, group: 'a', index: 0, ordinal: 1, roles: ['server'] };

describe('matchesSelection', () => {
  it.each([
    [{}, true],
    [{ group: 'a' }, true],
    [{ group: 'b' }, false],
    [{ node: 'c-a-0' }, true],
    [{ node: 'c-a-1' }, false],
    [{ role: 'anything' }, true],
  ])('of %j is %j', (selection, expected) => {
    expect(matchesSelection(selection, NODE)).toBe(expected);
  });
});

describe('selects', () => {
  it('takes packages along where no role is named', () => {
    expect(selects({}, NODE, 'packages')).toBe(true);
    expect(selects({ node: 'c-a-0' }, NODE, 'packages')).toBe(true);
    expect(selects({ role: 'server' }, NODE, 'packages')).toBe(false);
  });

  it('takes only the role that is named', () => {
    expect(selects({ role: 'server' }, NODE, 'server')).toBe(true);
    expect(selects({ role: 'server' }, NODE, 'basic')).toBe(false);
  });
});
