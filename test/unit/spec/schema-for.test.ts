import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { schemaFor, schemaNames } from '../../../src/spec/schema-for.js';

describe('schemaFor', () => {
  it('knows the formats of specs, distros and sites', () => {
    expect(schemaNames()).toEqual(expect.arrayContaining(['cluster-spec', 'distro', 'manifest', 'site', 'spec-map']));
  });

  it.each(schemaNames())('gives %s as a schema that compiles by itself', (name) => {
    const ajv = new Ajv2020({ strict: false, formats: { regex: true } });

    expect(ajv.compile(schemaFor(name))).toBeTypeOf('function');
  });

  it('puts schemas that are referred to into the one that refers', () => {
    const validate = new Ajv2020({ strict: false, formats: { regex: true } }).compile(schemaFor('manifest'));

    expect(validate([{ name: 'a', packages: [{ roles: ['b'] }] }])).toBe(true);
    expect(validate([{ name: 'a' }])).toBe(false);
  });

  it('describes every field for editors', () => {
    const properties = schemaFor('cluster-spec')['properties'] as Record<string, { description?: string }>;

    expect(Object.keys(properties).filter((name) => properties[name]?.description === undefined)).toEqual([]);
  });

  it('names the nearest for a format that does not exist', () => {
    expect(() => schemaFor('cluster-spek')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'no format is called "cluster-spek"; did you mean "cluster-spec"?',
      }),
    );
    expect(() => schemaFor('constructor')).toThrow('no format is called "constructor"');
  });
});
