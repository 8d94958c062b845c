import { describe, expect, it } from 'vitest';
import type { PackageEntry } from '../../../src/repo/build/package-entry.js';
import { renderSpec } from '../../../src/repo/build/render-spec.js';
import type { PackageDefinition } from '../../../src/repo/definition/repo-definition.js';

const BARE: PackageDefinition = {
  name: 'demo',
  summary: 'A demo',
  license: 'Apache-2.0',
  architecture: 'noarch',
  version: '1.0',
  revision: 1,
  requires: [],
  provides: [],
  user: null,
  debian: [],
  files: [],
  folders: [],
  links: [],
  scripts: {},
};

const VERSION = { epoch: 0, version: '1.0', release: '1' };

function entry(path: string, given: Partial<PackageEntry> = {}): PackageEntry {
  return { path, kind: 'file', owner: 'root', group: 'root', mode: '0644', config: false, ...given };
}

describe('renderSpec', () => {
  it('writes a package of nothing but its names', () => {
    expect(renderSpec(BARE, VERSION, [])).toBe(
      [
        'Name: demo',
        'Version: 1.0',
        'Release: 1',
        'Summary: A demo',
        'License: Apache-2.0',
        'AutoReqProv: no',
        '',
        '%description',
        'A demo',
        '',
        '%files',
        '',
      ].join('\n'),
    );
  });

  it('writes an epoch where there is one', () => {
    expect(renderSpec(BARE, { ...VERSION, epoch: 2 }, [])).toContain('Name: demo\nEpoch: 2\nVersion: 1.0\n');
  });

  it('writes requirements and provisions one a line', () => {
    const spec = renderSpec({ ...BARE, requires: ['a', 'b >= 2'], provides: ['c'] }, VERSION, []);

    expect(spec).toContain('Requires: a\nRequires: b >= 2\nProvides: c\n');
  });

  it('lists files, folders and links with owner and mode', () => {
    const spec = renderSpec(BARE, VERSION, [
      entry('/etc/demo.conf', { config: true }),
      entry('/usr/bin/demo', { mode: '0755' }),
      entry('/usr/bin/democtl', { kind: 'link', mode: '0777' }),
      entry('/var/lib/demo', { kind: 'folder', owner: 'demo', group: 'demo', mode: '0750' }),
    ]);

    expect(spec.slice(spec.indexOf('%files'))).toBe(
      [
        '%files',
        '%attr(0644,root,root) %config(noreplace) "/etc/demo.conf"',
        '%attr(0755,root,root) "/usr/bin/demo"',
        '%attr(-,root,root) "/usr/bin/democtl"',
        '%attr(0750,demo,demo) %dir "/var/lib/demo"',
        '',
      ].join('\n'),
    );
  });

  it('makes the user before files are laid, then runs the own script', () => {
    const user = { name: 'demo', home: '/var/lib/demo' };

    const spec = renderSpec({ ...BARE, user, scripts: { pre: 'echo 100%' } }, VERSION, []);

    expect(spec).toContain('%pre\ngetent group demo >/dev/null || groupadd -r demo\n');
    expect(spec).toContain('useradd -r -g demo -d /var/lib/demo -s /usr/sbin/nologin');
    expect(spec).toContain('\necho 100%%\n');
  });

  it('leaves no macro of a text to RPM', () => {
    const spec = renderSpec({ ...BARE, summary: '%(touch /tmp/x)', scripts: { post: 'date +%s' } }, VERSION, []);

    expect(spec).toContain('Summary: %%(touch /tmp/x)');
    expect(spec).toContain('%post\ndate +%%s\n');
  });
});
