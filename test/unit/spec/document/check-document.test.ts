import { describe, expect, it } from 'vitest';
import { checkDocument, checkPart, documentValue } from '../../../../src/spec/document/check-document.js';
import { parseDocument } from '../../../../src/spec/document/parse-document.js';
import type { SchemaError, SchemaValidator } from '../../../../src/spec/document/schema-validator.js';
import { validateClusterSpec, validateDistro, validateSite } from '../../../../src/generated/validators.js';

function findings(text: string, validator: SchemaValidator = validateClusterSpec, file = 'spec.json') {
  return checkDocument(parseDocument(text, file), validator).map(({ code, message, hint }) => ({
    code,
    message,
    hint,
  }));
}

function group(fields: string): string {
  return `{"nodeGroups": [{"name": "master", "roles": ["web"], ${fields}}]}`;
}

/** A validator that always fails with these errors. */
function failing(...errors: readonly Partial<SchemaError>[]): SchemaValidator {
  const validator: SchemaValidator = () => {
    validator.errors = errors.map((error) => ({
      keyword: 'type',
      instancePath: '',
      schemaPath: '#/type',
      params: {},
      ...error,
    }));
    return false;
  };
  return validator;
}

describe('checkDocument', () => {
  it('finds nothing in a document that fits', () => {
    expect(findings(group('"instanceNum": 3'))).toEqual([]);
  });

  it('names an unknown field, the nearest one, and all there are', () => {
    expect(findings('{"nodeGroups": [{"name": "a", "roles": ["b"],\n "instanceNumm": 3}]}')).toEqual([
      {
        code: 'FIELD_UNKNOWN',
        message: 'spec.json:2:2: nodeGroups[0] has no field "instanceNumm"; did you mean "instanceNum"?',
        hint:
          'Use one of: configuration, cpuNum, haFlag, instanceNum, instanceType, latencySensitivity, memCapacityMB, name, ' +
          'placementPolicies, reservedCpuRatio, reservedMemRatio, roles, rpNames, storage, swapRatio, vcClusters, vmFolderPath.',
      },
    ]);
  });

  it.each([
    ['"instanceNum": "3"', '69: nodeGroups[0].instanceNum is "3"; allowed is a whole number from 0'],
    ['"instanceNum": -1', '69: nodeGroups[0].instanceNum is -1; allowed is a whole number from 0'],
    ['"instanceNum": 1.5', '69: nodeGroups[0].instanceNum is 1.5; allowed is a whole number from 0'],
    ['"reservedCpuRatio": 2', '74: nodeGroups[0].reservedCpuRatio is 2; allowed is a number from 0 to 1'],
    ['"haFlag": "of"', '64: nodeGroups[0].haFlag is "of"; allowed is one of off, on, ft; did you mean "off"?'],
    ['"storage": []', '65: nodeGroups[0].storage is an empty list; allowed is an object'],
    ['"storage": null', '65: nodeGroups[0].storage is null; allowed is an object'],
    ['"instanceType": "a b"', '70: nodeGroups[0].instanceType is "a b"; allowed is the name of a size'],
  ])('says of %s what was found and what is allowed', (field, message) => {
    expect(findings(group(field)).map((finding) => finding.message)).toEqual([`spec.json:1:${message}`]);
  });

  it('points at the object that lacks a field', () => {
    expect(findings('{"nodeGroups": [\n  {"name": "a"}]}').map(({ message }) => message)).toEqual([
      'spec.json:2:3: nodeGroups[0] lacks the field "roles"',
    ]);
  });

  it('names what a list has twice', () => {
    expect(findings('{"nodeGroups": [{"name": "a", "roles": ["x", "y", "x"]}]}').map(({ message }) => message)).toEqual(
      ['spec.json:1:51: nodeGroups[0].roles has "x" twice'],
    );
  });

  it('orders all findings of a file by place, duplicate keys first', () => {
    const text =
      '{"nodeGroups": [{"name": "a b", "roles": [], "x": 1}],\n "typ": "HDFS", "type": "HDF", "type": "HDF"}';

    expect(findings(text).map(({ message }) => message)).toEqual([
      'spec.json:2:32: "type" is there twice, first at 2:17',
      'spec.json:1:26: nodeGroups[0].name is "a b"; allowed is letters and digits, 1 to 80',
      'spec.json:1:42: nodeGroups[0].roles is an empty list; allowed is a list that is not empty',
      'spec.json:1:46: nodeGroups[0] has no field "x"',
      'spec.json:2:2: the file has no field "typ"; did you mean "type"?',
      'spec.json:2:40: type is "HDF"; allowed is one of DEFAULT, HDFS, HDFS_MAPRED, HDFS_HBASE, Hadoop, HBase; did you mean "HDFS"?',
    ]);
  });

  it('looks at no field of a text that could not be read', () => {
    expect(findings('{"nodeGroups": 3 "x": 4}').map(({ message }) => message)).toEqual([
      'spec.json:1:18: "," is missing, found "x"',
    ]);
  });

  it('explains what YAML made of an unquoted version', () => {
    const text = 'name: acme\nversion: 1.10\npackages: [{roles: [web]}]\n';

    expect(findings(text, validateDistro, 'distro.yaml')).toEqual([
      {
        code: 'FIELD_INVALID',
        message:
          'distro.yaml:2:10: version is 1.10 without quotes, which YAML reads as the number 1.1; allowed is a version in ' +
          'quotes: letters, digits, ".", "_", "+", "~" and "-", 1 to 80',
        hint: 'Put it in quotes: "1.10".',
      },
    ]);
  });

  it('points at a name that is not allowed as one', () => {
    const text = '{"networks": {"a/b": {"cidr": "10.0.0.0/24"}}}';

    expect(findings(text, validateSite, 'bde.json').map(({ message }) => message)).toEqual([
      'bde.json:1:15: the name "a/b" is not allowed here: a letter, then letters, digits, "_" and "-", 1 to 40',
    ]);
  });

  it('uses the schema’s own hint', () => {
    expect(findings('{"nodeGroups": [{"name": "a", "roles": ["b"]}], "password": "s3cret"}')[0]?.hint).toBe(
      'Remove the field: nodes are entered with the key of the cluster.',
    );
  });

  it('reports a failed choice once, without its branches', () => {
    const validator = failing(
      { instancePath: '/a', schemaPath: '#/properties/a/anyOf/0/type', params: { type: 'string' } },
      { instancePath: '/a', schemaPath: '#/properties/a/anyOf/1/type', params: { type: 'number' } },
      {
        instancePath: '/a',
        schemaPath: '#/properties/a/anyOf',
        keyword: 'anyOf',
        data: {},
        parentSchema: { 'x-allowed': 'this or that' },
      },
      { instancePath: '/b', schemaPath: '#/if', keyword: 'if' },
    );

    expect(findings('{"a": {}}', validator).map(({ message }) => message)).toEqual([
      'spec.json:1:7: a is an empty object; allowed is this or that',
    ]);
  });

  it.each([
    ['minimum', { limit: 2 }, 'a number from 2'],
    ['exclusiveMinimum', { limit: 0 }, 'a number above 0'],
    ['maximum', { limit: 9 }, 'a number up to 9'],
    ['exclusiveMaximum', { limit: 9 }, 'a number below 9'],
    ['minLength', { limit: 1 }, 'a string that is not empty'],
    ['minLength', { limit: 8 }, 'a string of at least 8 characters'],
    ['maxLength', { limit: 8 }, 'a string of at most 8 characters'],
    ['minItems', { limit: 2 }, 'a list of at least 2'],
    ['maxItems', { limit: 2 }, 'a list of at most 2'],
    ['minProperties', { limit: 1 }, 'an object that is not empty'],
    ['maxProperties', { limit: 5 }, 'an object of at most 5 fields'],
    ['pattern', { pattern: '^a$' }, 'a string that matches ^a$'],
    ['const', { allowedValue: 1 }, '1'],
    ['enum', { allowedValues: ['a', 'b'] }, '"a", "b"'],
    ['type', { type: ['string', 'null'] }, 'a string or null'],
    ['contains', {}, 'what the schema\'s "contains" says'],
  ])('has words for a failed %s', (keyword, params, allowed) => {
    const [finding] = findings('{"a": 5}', failing({ keyword, params, instancePath: '/a', data: 5 }));

    expect(finding?.message).toBe(`spec.json:1:7: a is 5; allowed is ${allowed}`);
  });

  it('follows pointers with slashes and tildes in names', () => {
    const [finding] = findings(
      '{"x/y": {"a~b": 1}}',
      failing({ instancePath: '/x~1y/a~0b', params: { type: 'string' }, data: 1 }),
    );

    expect(finding?.message).toBe('spec.json:1:17: ["x/y"]["a~b"] is 1; allowed is a string');
  });

  it('bounds the findings of a document that is wrong all over', () => {
    const text = JSON.stringify({ nodeGroups: Array.from({ length: 5000 }, () => 3) });

    expect(findings(text)).toHaveLength(100);
    expect(findings(text)[0]?.message).toBe(
      'spec.json:1:15: nodeGroups is a list of 5000; allowed is a list of at most 1024',
    );
  });

  it('cuts a long value short', () => {
    const [finding] = findings(group(`"haFlag": "${'x'.repeat(500)}"`));

    expect(finding?.message).toBe(
      `spec.json:1:64: nodeGroups[0].haFlag is "${'x'.repeat(47)}…"; allowed is one of off, on, ft`,
    );
  });
});

describe('checkPart', () => {
  it('finds what is wrong with one element and names its place in the whole', () => {
    const document = parseDocument(
      '[{"name": "good", "packages": [{"roles": ["a"]}]},\n {"name": "bad"}]',
      'manifest.json',
    );

    expect(checkPart(document, [0], validateDistro)).toEqual([]);
    expect(checkPart(document, [1], validateDistro).map(({ message }) => message)).toEqual([
      'manifest.json:2:2: [1] lacks the field "packages"',
    ]);
  });
});

describe('documentValue', () => {
  it('gives the value of a document that fits', () => {
    const document = parseDocument('{"formatVersion": 1}', 'bde.json');

    expect(documentValue<{ formatVersion: 1 }>(document, validateSite, 'SITE_INVALID').formatVersion).toBe(1);
  });

  it('throws a lone finding as itself', () => {
    const document = parseDocument('{"formatVersion": 2}', 'bde.json');

    expect(() => documentValue(document, validateSite, 'SITE_INVALID')).toThrow(
      expect.objectContaining({
        code: 'FIELD_INVALID',
        message: 'bde.json:1:19: formatVersion is 2; allowed is 1',
        subject: { file: 'bde.json', line: 1, column: 19 },
      }),
    );
  });

  it('throws several findings as one error that lists them', () => {
    const document = parseDocument('{"formatVersion": 2, "proxi": {}}', 'bde.json');

    expect(() => documentValue(document, validateSite, 'SITE_INVALID')).toThrow(
      expect.objectContaining({
        code: 'SITE_INVALID',
        message: 'bde.json has 2 errors',
        failures: [
          expect.objectContaining({ code: 'FIELD_INVALID' }),
          expect.objectContaining({
            code: 'FIELD_UNKNOWN',
            message: 'bde.json:1:22: the file has no field "proxi"; did you mean "proxy"?',
          }),
        ],
      }),
    );
  });
});
