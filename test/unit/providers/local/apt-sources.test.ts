import { describe, expect, it } from 'vitest';
import { parseAptSources, selectAptOptions } from '../../../../src/providers/local/apt-sources.js';

describe('parseAptSources', () => {
  it('reads the one-line style', () => {
    const content = [
      '# deb http://old.example/debian bookworm main',
      'deb http://mirror.example/debian bookworm main contrib  # ours',
      'deb-src http://mirror.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/etc/apt/keyrings/own.gpg] http://own.example/debian bookworm-updates main',
    ].join('\n');

    const lines = parseAptSources([{ path: '/etc/apt/sources.list', content }]);

    expect(lines).toEqual([
      'deb http://mirror.example/debian bookworm main',
      'deb [signed-by=/etc/apt/keyrings/own.gpg] http://own.example/debian bookworm-updates main',
    ]);
  });

  it('reads the paragraphs of deb822', () => {
    const content = [
      '# written by the installer',
      'Types: deb deb-src',
      'URIs: http://a.example/debian http://b.example/debian',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
      '',
      'Types: deb',
      'URIs: http://a.example/debian-security',
      'Suites: bookworm-security',
      'Components:',
      ' main',
      ' contrib',
    ].join('\n');

    const lines = parseAptSources([{ path: '/etc/apt/sources.list.d/debian.sources', content }]);

    const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
    expect(lines).toEqual([
      `deb ${signed} http://a.example/debian bookworm main`,
      `deb ${signed} http://a.example/debian bookworm-updates main`,
      `deb ${signed} http://b.example/debian bookworm main`,
      `deb ${signed} http://b.example/debian bookworm-updates main`,
      'deb http://a.example/debian-security bookworm-security main',
    ]);
  });

  it.each([
    ['another release', 'deb http://a.example/debian trixie main'],
    ['another vendor of the same release', 'deb http://b.example/linux/debian bookworm stable'],
    ['a suite of another vendor', 'deb http://c.example/apt bookworm-pgdg main'],
    ['sources', 'deb-src http://a.example/debian bookworm main'],
  ])('leaves out %s', (_, content) => {
    expect(parseAptSources([{ path: '/etc/apt/sources.list', content }])).toEqual([]);
  });

  it('leaves out what is switched off', () => {
    const content = 'Types: deb\nEnabled: no\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\n';

    expect(parseAptSources([{ path: 'debian.sources', content }])).toEqual([]);
  });

  it('names a source once that two files have', () => {
    const content = 'deb http://a.example/debian bookworm main';

    const lines = parseAptSources([
      { path: 'a.list', content },
      { path: 'b.list', content },
    ]);

    expect(lines).toEqual(['deb http://a.example/debian bookworm main']);
  });
});

describe('selectAptOptions', () => {
  it('takes what says how to reach sources and nothing else', () => {
    const dump = [
      'APT::Architecture "amd64";',
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::CaInfo "/etc/ssl/own.pem";',
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      'Dir::Cache "var/cache/apt";',
    ].join('\n');

    expect(selectAptOptions(dump)).toEqual([
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::CaInfo "/etc/ssl/own.pem";',
      'Acquire::Retries "3";',
    ]);
  });
});
