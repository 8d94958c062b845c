import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../src/spec/document/parse-document.js';
import { findTooDeepYaml } from '../../../../src/spec/document/yaml-depth.js';

/** YAML whose levels are opened in these ways, from the outside in. */
function nest(ways: readonly ('map' | 'list' | 'compact')[]): string {
  let indent = '';
  let text = '';
  for (const way of ways) {
    text += way === 'map' ? `${indent}k:\n` : way === 'list' ? `${indent}-\n` : `${indent}- k:\n`;
    indent += way === 'compact' ? '    ' : '  ';
  }
  return `${text}${indent}end\n`;
}

const ways = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom('map' as const, 'list' as const, 'compact' as const), { minLength, maxLength });

describe('findTooDeepYaml', () => {
  it('lets what nests less than fifty levels pass, and its reader too', () => {
    fc.assert(
      fc.property(ways(0, 49), (levels) => {
        expect(findTooDeepYaml(nest(levels))).toBeUndefined();
        expect(parseDocument(nest(levels), 'x.yaml').errors).toEqual([]);
      }),
    );
  });

  it('stops what nests deeper than 250 levels', () => {
    fc.assert(
      fc.property(ways(251, 300), (levels) => {
        expect(findTooDeepYaml(nest(levels))).toBeGreaterThan(0);
      }),
      { numRuns: 20 },
    );
  });

  it('counts siblings as one level', () => {
    expect(findTooDeepYaml('- a: 1\n  b: [1, 2]\n- {c: [d]}\n'.repeat(1000))).toBeUndefined();
    expect(findTooDeepYaml('a: {b: [c]}\n'.repeat(1000))).toBeUndefined();
  });
});
