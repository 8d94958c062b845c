import { describe, expect, it } from 'vitest';
import {
  distroForRoles,
  distrosOfVendor,
  selectDistro,
  selectSpecAndDistro,
} from '../../../src/distro/select-distro.js';
import { selectSpec } from '../../../src/distro/select-spec.js';
import { FIELD_ENTRIES, FIELD_MAP, manifestOf, specMapOf } from './distro-builders.js';

const manifest = manifestOf(...FIELD_ENTRIES);
const { entries } = specMapOf(...FIELD_MAP);
const acme = (version: string, fields: object = {}) => ({
  name: 'acme',
  vendor: 'ACME',
  version,
  packages: [{ roles: ['web'] }],
  repos: [],
  ...fields,
});
const acmeMap = (fields: object = {}) => ({ vendor: 'Acme', version: '.*', path: 'acme/basic/spec.json', ...fields });

describe('selectSpec', () => {
  it('finds the spec of a label whatever its case', () => {
    expect(selectSpec(entries, 'MESOS/basic').path).toBe('Ironfan/mesos/basic/spec.json');
  });

  it('compares vendors without regard to case and the whole version', () => {
    const distro = manifest.distros[1];
    const strict = specMapOf(acmeMap({ vendor: 'Mesos', version: '0\\.21' })).entries;

    expect(selectSpec(entries, 'mesos/basic', distro).vendor).toBe('Mesos');
    expect(() => selectSpec(strict, 'mesos/basic', distro)).toThrow(
      expect.objectContaining({
        code: 'SPEC_UNKNOWN',
        message: 'spec mesos/basic is for Mesos 0\\.21, not for distro mesos@0.21.0 of vendor MESOS',
      }),
    );
  });

  it('lists what exists for a label that does not', () => {
    expect(() => selectSpec(entries, 'mesos/basci')).toThrow(
      expect.objectContaining({
        code: 'SPEC_UNKNOWN',
        message:
          'no spec is called "mesos/basci"; there are kubernetes/basic, mesos/basic; did you mean "mesos/basic"?',
        hint: 'Name one of these, or the path of a spec file (ending in .json, .yaml or .yml).',
      }),
    );
    expect(() => selectSpec([], 'a/b')).toThrow('no spec is called "a/b"; the map has none');
  });

  it('refuses to choose among several', () => {
    const several = specMapOf(acmeMap(), acmeMap({ appManager: 'Other', path: 'other/basic/spec.json' })).entries;

    expect(() => selectSpec(several, 'acme/basic')).toThrow(
      '2 specs are called "acme/basic": acme/basic/spec.json (version .*, Default), other/basic/spec.json (version .*, Other)',
    );
  });
});

describe('selectSpecAndDistro', () => {
  it('finds the only distro that fits when none is named', () => {
    expect(selectSpecAndDistro({ manifest, entries }, 'mesos/basic', undefined).distro.name).toBe('mesos');
  });

  it('lets the version of the distro choose among specs', () => {
    const map = specMapOf(
      acmeMap({ version: '1\\..*', path: 'acme/one/spec.json', flavour: 'basic' }),
      acmeMap({ version: '2\\..*' }),
    );
    const both = manifestOf(acme('1.5'), acme('2.0'));
    const select = (distro?: string) =>
      selectSpecAndDistro({ manifest: both, entries: map.entries }, 'acme/basic', distro);

    expect(select('acme@1.5').entry.path).toBe('acme/one/spec.json');
    expect(select('ACME@2.0').entry.path).toBe('acme/basic/spec.json');
    expect(() => select()).toThrow('2 distros fit Acme 1\\..* or Acme 2\\..*: acme@1.5, acme@2.0');
  });

  it('says that no distro fits, and that the manifest has errors', () => {
    const broken = manifestOf(acme('1.0', { packages: [] }), acme('2.0', { vendor: 'Other' }));

    expect(() =>
      selectSpecAndDistro({ manifest: broken, entries: specMapOf(acmeMap()).entries }, 'acme/basic', undefined),
    ).toThrow(
      expect.objectContaining({
        code: 'DISTRO_UNKNOWN',
        message: 'no distro fits Acme .*; there are acme@2.0, and the manifest has broken places',
        failures: [expect.objectContaining({ code: 'FIELD_INVALID' })],
      }),
    );
  });
});

describe('selectDistro', () => {
  it('takes a name, or a name and a version', () => {
    expect(selectDistro(manifest, 'Mesos').version).toBe('0.21.0');
    expect(selectDistro(manifest, 'mesos@0.21.0').version).toBe('0.21.0');
  });

  it('names the nearest for one that does not exist', () => {
    expect(() => selectDistro(manifest, 'mesoss')).toThrow(
      'no distro is called "mesoss"; there are kubernetes@0.5.4, mesos@0.21.0; did you mean "mesos"?',
    );
  });

  it('wants a version where a name has several', () => {
    expect(() => selectDistro(manifestOf(acme('1'), acme('2')), 'acme')).toThrow(
      '2 distros are called "acme": acme@1, acme@2',
    );
  });
});

describe('distroForRoles', () => {
  it('finds the only distro that offers all roles', () => {
    expect(distroForRoles(manifest, ['zookeeper', 'mesos_master']).name).toBe('mesos');
    expect(distrosOfVendor(manifest, 'mesos').map(({ name }) => name)).toEqual(['mesos']);
  });

  it('names the roles that no distro offers together', () => {
    expect(() => distroForRoles(manifest, ['zookeeper', 'kubernetes_master'])).toThrow(
      'no distro offers all roles of the spec: zookeeper, kubernetes_master; there are kubernetes@0.5.4, mesos@0.21.0',
    );
  });
});
