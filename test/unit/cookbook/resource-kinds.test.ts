import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RESOURCE_KINDS } from '../../../src/cookbook/resources/resource-kinds.js';
import { RESOURCE_PARAMETERS } from '../../../src/cookbook/schemas/resource-parameters.js';
import { errorOf } from './cookbook-support.js';
import { CASES_FOLDER, compileCase, readCase, RESOURCE_CASES } from './resource-cases.js';

/** What stands behind the last function of the library. */
function scriptBody(script: string): readonly string[] {
  const lines = script.trimEnd().split('\n');
  const start = lines.findIndex((line) =>
    /^bde_(?:list_\w+\(\)|content_\d+\(\)|resource |creates |only_if |not_if |raises )/.test(line),
  );
  return lines.slice(start, -1);
}

describe('every kind of resource', () => {
  it.each(RESOURCE_CASES)('$name', ({ file }) => {
    const expected = readCase(file);

    if (expected.error !== undefined) {
      expect(errorOf(() => compileCase(expected)).message).toContain(expected.error);
      return;
    }
    const { resources, script } = compileCase(expected);

    expect(Object.fromEntries(resources.map(({ id, parameters }) => [id, parameters]))).toEqual(expected.parameters);
    expect(scriptBody(script)).toEqual(expected.script);
  });

  it('has its parameters described in the schema, and a fixture', () => {
    const kinds = RESOURCE_KINDS.map(({ kind }) => kind).sort();

    expect(Object.keys(RESOURCE_PARAMETERS).sort()).toEqual(kinds);
    expect(readdirSync(CASES_FOLDER).sort()).toEqual(kinds);
  });
});
