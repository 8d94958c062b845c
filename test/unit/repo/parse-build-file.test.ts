import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import { parseBuildFile } from '../../../src/repo/definition/parse-build-file.js';

const FILE = 'repos/demo/build.yaml';

const WHOLE = `formatVersion: 1
packages:
  - name: demo
    summary: A demo
    license: Apache-2.0
    architecture: x86_64
    version: { of: libdemo-java }
    revision: 3
    requires: [java, "other >= 2.0"]
    provides: [demo-api]
    user: { name: demo, home: /var/lib/demo }
    debian:
      - package: libdemo-java
        pick: ["usr/share/java/demo*.jar", etc/demo]
    files:
      - { path: /etc/default/demo, content: "A=1\\n", config: true }
      - { path: /usr/bin/demo, from: files/demo, mode: "0755", owner: demo, group: demo }
    folders:
      - { path: /var/lib/demo, owner: demo, group: demo, mode: "0750" }
    links:
      - { path: /usr/bin/democtl, to: demo }
    scripts:
      post: systemctl preset demo
`;

/** A package with these lines in place of its own. */
function withLines(...lines: readonly string[]): string {
  const base = ['name: demo', 'summary: A demo', 'license: MIT', 'version: "1.0"'];
  const keys = new Set(lines.map((line) => line.split(':')[0]));
  const kept = base.filter((line) => !keys.has(line.split(':')[0]));
  return ['formatVersion: 1', 'packages:', '  - ' + [...kept, ...lines].join('\n    '), ''].join('\n');
}

function findingsOf(text: string): readonly string[] {
  try {
    parseBuildFile(text, FILE);
  } catch (error) {
    if (!(error instanceof BdeError)) throw error;
    expect(error.code).toBe('REPO_FAILED');
    return error.failures.length === 0 ? [error.message] : error.failures.map(({ message }) => message);
  }
  return [];
}

describe('parseBuildFile', () => {
  it('reads every field of a package', () => {
    const packages = parseBuildFile(WHOLE, FILE);

    expect(packages).toEqual([
      {
        name: 'demo',
        summary: 'A demo',
        license: 'Apache-2.0',
        architecture: 'x86_64',
        version: { of: 'libdemo-java' },
        revision: 3,
        requires: ['java', 'other >= 2.0'],
        provides: ['demo-api'],
        user: { name: 'demo', home: '/var/lib/demo' },
        debian: [{ package: 'libdemo-java', pick: ['usr/share/java/demo*.jar', 'etc/demo'] }],
        files: [
          {
            path: '/etc/default/demo',
            owner: 'root',
            group: 'root',
            mode: null,
            source: { content: 'A=1\n' },
            config: true,
          },
          {
            path: '/usr/bin/demo',
            owner: 'demo',
            group: 'demo',
            mode: '0755',
            source: { from: 'files/demo' },
            config: false,
          },
        ],
        folders: [{ path: '/var/lib/demo', owner: 'demo', group: 'demo', mode: '0750' }],
        links: [{ path: '/usr/bin/democtl', to: 'demo' }],
        scripts: { post: 'systemctl preset demo' },
      },
    ]);
  });

  it('gives a package of four lines its defaults', () => {
    const [demo] = parseBuildFile(withLines(), FILE);

    expect(demo).toMatchObject({ architecture: 'noarch', version: '1.0', revision: 1, user: null, files: [] });
  });

  it('tells all findings of a file with their places', () => {
    const text = withLines('name: "bad name"', 'colour: red', 'revision: 0');

    expect(findingsOf(text)).toEqual([
      expect.stringMatching(
        /^repos\/demo\/build\.yaml:7:5: packages\[0\]\.colour is not a field here; allowed: name, /,
      ),
      'repos/demo/build.yaml:6:11: packages[0].name is "bad name"; allowed: letters, digits and + . _ -, at most 100.',
      'repos/demo/build.yaml:8:15: packages[0].revision is 0; allowed: a whole number from 1.',
    ]);
  });

  it('asks for quotes where YAML made a number of a text', () => {
    expect(findingsOf(withLines('version: 1.10'))).toEqual([
      'repos/demo/build.yaml:6:14: packages[0].version is 1.1; allowed: a text in quotes (letters, digits and + . _ ~ ^, at most 64).',
    ]);
  });

  it('asks for quotes around a mode', () => {
    const text = withLines('folders: [{ path: /x, mode: 0750 }]');

    expect(findingsOf(text)).toEqual([expect.stringContaining('a text in quotes (four octal digits)')]);
  });

  it('names a field that is missing', () => {
    expect(findingsOf('formatVersion: 1\npackages:\n  - { name: demo, summary: x, version: "1" }\n')).toEqual([
      expect.stringContaining('packages[0].license is missing; allowed: one line of at most 200 characters.'),
    ]);
  });

  it('takes a version only of a Debian package that it unpacks', () => {
    expect(findingsOf(withLines('version: { of: libother }'))).toEqual([
      expect.stringContaining('is libother, which is none of the Debian packages of this package.'),
    ]);
  });

  it('refuses a file with both or neither of its two sources', () => {
    expect(findingsOf(withLines('files: [{ path: /x }]'))).toHaveLength(1);
    expect(findingsOf(withLines('files: [{ path: /x, from: a, content: b }]'))).toHaveLength(1);
  });

  it('refuses two packages of one name', () => {
    const [, , ...lines] = withLines().split('\n');
    const text = ['formatVersion: 1', 'packages:', ...lines, ...lines].join('\n');

    expect(findingsOf(text)).toEqual([expect.stringContaining('packages[1] is a second package named demo.')]);
  });

  it('refuses a format that it does not know', () => {
    expect(findingsOf('formatVersion: 2\npackages: []\n')).toEqual([
      'repos/demo/build.yaml:1:16: formatVersion must be 1, the format that this bde reads.',
    ]);
  });

  it('tells the place of a syntax error', () => {
    expect(findingsOf('formatVersion: 1\npackages: [\n')).toEqual([
      expect.stringMatching(/^repos\/demo\/build\.yaml:3:1: /),
    ]);
  });

  it.each([
    ['a path with ..', 'files: [{ path: /etc/../root/x, content: a }]'],
    ['a relative path', 'folders: [{ path: var/lib }]'],
    ['a path with a blank', 'folders: [{ path: "/var/a b" }]'],
    ['a path with a newline', 'folders: [{ path: "/var/a\\nb" }]'],
    ['a macro in a path', 'links: [{ path: "/usr/%{name}", to: x }]'],
    ['a pick that goes up', 'debian: [{ package: a, pick: [../x] }]'],
    ['a pick from the root', 'debian: [{ package: a, pick: [/etc] }]'],
    ['an empty pick', 'debian: [{ package: a, pick: [] }]'],
    ['a summary of two lines', 'summary: "a\\nName: b"'],
    ['a requirement with a macro', 'requires: ["%{shrink:x}"]'],
    ['a user name with blanks', 'user: { name: "a b", home: /x }'],
    ['a script that begins another section', 'scripts: { post: "true\\n %files\\n/etc/shadow" }'],
    ['a hyphen in a version', 'version: "1.0-2"'],
  ])('refuses %s', (_what, line) => {
    expect(findingsOf(withLines(line))).toHaveLength(1);
  });
});
