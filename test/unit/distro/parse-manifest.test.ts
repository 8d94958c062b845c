import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/distro/parse-manifest.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { FIELD_ENTRIES, manifestOf } from './distro-builders.js';

const entry = (fields: object = {}) => ({
  name: 'acme',
  version: '1',
  packages: [{ roles: ['web'] }],
  repos: ['acme'],
  ...fields,
});

describe('parseManifest', () => {
  it('loads the entries of BDE as they were published', () => {
    const { distros, findings } = manifestOf(...FIELD_ENTRIES);

    expect(findings).toEqual([]);
    expect(distros[1]).toEqual({
      name: 'mesos',
      vendor: 'MESOS',
      version: '0.21.0',
      file: 'manifest.json',
      hveSupported: false,
      packages: [
        {
          roles: ['zookeeper', 'mesos_master', 'mesos_slave', 'mesos_docker', 'mesos_chronos', 'mesos_marathon'],
          tarball: null,
          packageRepos: ['https://0.0.0.0/yum/mesos.repo'],
        },
      ],
      roles: ['zookeeper', 'mesos_master', 'mesos_slave', 'mesos_docker', 'mesos_chronos', 'mesos_marathon'],
      cookbooks: null,
      repos: ['mesos'],
      attributes: {},
      acceptance: null,
    });
    expect(distros[0]?.packages[0]?.tarball).toBe('kubernetes/kubernetes-0.5.4.tar.gz');
    expect(distros[0]?.repos).toEqual([]);
  });

  it('reads the fields that are ours', () => {
    const fields = { cookbooks: ['web'], repos: ['r1', 'r2'], attributes: { web: { port: 80 } }, acceptance: ['web'] };

    expect(manifestOf(entry(fields)).distros[0]).toMatchObject({ ...fields, vendor: 'acme' });
  });

  it('lets a broken entry hide no other', () => {
    const { distros, findings } = manifestOf(
      entry(),
      entry({ name: 'bad', packages: [] }),
      3,
      entry({ name: 'other' }),
    );

    expect(distros.map(({ name }) => name)).toEqual(['acme', 'other']);
    expect(findings.map(({ message }) => message)).toEqual([
      'manifest.json:1:119: [1].packages is an empty list; allowed is a list that is not empty',
      'manifest.json:1:140: [2] is 3; allowed is an object',
    ]);
  });

  it.each([
    [{ repos: undefined }, 'distro acme says nowhere where its packages come from'],
    [
      {
        packages: [
          { roles: ['a'], tarball: 't' },
          { roles: ['b'], package_repos: ['u'] },
        ],
      },
      'distro acme has both tarballs and package_repos',
    ],
    [{ versoin: '2' }, '[0] has no field "versoin"; did you mean "version"?'],
    [
      { version: 1.1 },
      '[0].version is 1.1; allowed is a version in quotes: letters, digits, ".", "_", "+", "~" and "-", 1 to 80',
    ],
    [{ name: '../x' }, '[0].name is "../x"; allowed is letters, digits, "_", "-" and ".", 1 to 80'],
    [{ repos: ['../x'] }, '[0].repos[0] is "../x"; allowed is a name: letters, digits, "_", "-" and ".", 1 to 80'],
  ])('refuses an entry with %j', (fields, message) => {
    const { distros, findings } = manifestOf(entry(fields));

    expect(distros).toEqual([]);
    expect(findings.map((finding) => finding.message.replace(/^manifest\.json:1:\d+: /, ''))).toEqual([message]);
  });

  it('keeps the first of two entries of one name and version', () => {
    const { distros, findings } = manifestOf(entry({ vendor: 'A' }), entry({ vendor: 'B' }), entry({ version: '2' }));

    expect(distros.map(({ vendor, version }) => [vendor, version])).toEqual([
      ['A', '1'],
      ['acme', '2'],
    ]);
    expect(findings.map(({ message }) => message)).toEqual([
      'manifest.json:1:101: distro acme@1 is there twice; the first one counts',
    ]);
  });

  it('says of a file that is no manifest what is wrong', () => {
    const parse = (text: string) =>
      parseManifest(parseDocument(text, 'manifest.json')).findings.map(({ message }) => message);

    expect(parse('{}')).toEqual(['manifest.json:1:1: the manifest is no list of distros']);
    expect(parse('[{"a" 1}]')).toEqual(['manifest.json:1:7: ":" is missing, found "1"']);
    expect(parse('[]')).toEqual([]);
  });
});
