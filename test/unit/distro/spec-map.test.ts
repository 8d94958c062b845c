import { describe, expect, it } from 'vitest';
import { FIELD_MAP, specMapOf } from './distro-builders.js';

const entry = (fields: object = {}) => ({ vendor: 'Acme', version: '.*', path: 'acme/basic/spec.json', ...fields });

describe('parseSpecMap', () => {
  it('loads the entries of BDE as they were published', () => {
    const { entries, findings } = specMapOf(...FIELD_MAP);

    expect(findings).toEqual([]);
    expect(entries.map(({ vendor, flavour, appManager, type }) => [vendor, flavour, appManager, type])).toEqual([
      ['Kubernetes', 'basic', 'Default', 'Basic Kubernetes Cluster'],
      ['Mesos', 'basic', 'Default', 'Basic Mesos Cluster'],
    ]);
  });

  it.each([
    ['a/full/spec.json', undefined, 'full'],
    ['a/full.json', undefined, 'full'],
    ['a/b/spec.yaml', 'mine', 'mine'],
    ['spec.json', undefined, 'spec'],
  ])('takes the flavour of %s from %s', (path, flavour, expected) => {
    expect(specMapOf(entry({ path, ...(flavour !== undefined && { flavour }) })).entries[0]?.flavour).toBe(expected);
  });

  it.each(['../x/spec.json', '/etc/passwd', 'a/../../x', 'a\\b', 'C:/x', 'a//b', './x', ''])(
    'refuses the path %j',
    (path) => {
      const { entries, findings } = specMapOf(entry({ path }), entry());

      expect(entries.map((each) => each.path)).toEqual(['acme/basic/spec.json']);
      expect(findings).toHaveLength(1);
    },
  );

  it('says of a path that leaves the folder what is allowed', () => {
    expect(specMapOf(entry({ path: '../x' })).findings[0]?.message).toBe(
      'map.json:1:41: "../x" does not stay inside the specs folder; allowed is a relative path without "." and ".."',
    );
  });

  it('says of a broken expression why it is broken', () => {
    expect(specMapOf(entry({ version: '(' })).findings[0]?.message).toMatch(
      /^map\.json:1:29: "\(" is no regular expression: Unterminated group$/,
    );
  });

  it('says of a file that is no map what is wrong', () => {
    expect(specMapOf().entries).toEqual([]);
    expect(specMapOf(3).findings.map(({ message }) => message)).toEqual([
      'map.json:1:2: [0] is 3; allowed is an object',
    ]);
  });
});
