import { describe, expect, it } from 'vitest';
import { joinManifests } from '../../../src/distro/join-manifests.js';
import { parseManifest } from '../../../src/distro/parse-manifest.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { errorOf } from '../cookbook/cookbook-support.js';

/** A manifest with these distros; a name without packages is a broken entry. */
function manifestOf(file: string, entries: readonly object[]) {
  return { file, manifest: parseManifest(parseDocument(JSON.stringify(entries), file)) };
}

const entry = (name: string, version: string) => ({ name, version, packages: [{ roles: ['basic'] }], repos: [] });

describe('joinManifests', () => {
  it('lists the distros of all manifests in order, and what is wrong in any of them', () => {
    const shipped = manifestOf('distros/manifest.json', [entry('bare', '1'), { name: 'broken' }]);
    const own = manifestOf('/srv/distros/manifest.json', [entry('redis', '7'), { name: 'torn' }]);

    const joined = joinManifests([shipped, own]);

    expect(joined.distros.map(({ name }) => name)).toEqual(['bare', 'redis']);
    expect(joined.findings.map(({ subject }) => subject.file)).toEqual([
      'distros/manifest.json',
      '/srv/distros/manifest.json',
    ]);
  });

  it('lets two manifests have a name in different versions', () => {
    const joined = joinManifests([manifestOf('a', [entry('redis', '6')]), manifestOf('b', [entry('redis', '7')])]);

    expect(joined.distros.map(({ version }) => version)).toEqual(['6', '7']);
  });

  it('refuses a distro that two manifests have and names both', () => {
    const error = errorOf(() =>
      joinManifests([manifestOf('a.json', [entry('redis', '7')]), manifestOf('b.json', [entry('redis', '7')])]),
    );

    expect(error).toMatchObject({
      code: 'MANIFEST_INVALID',
      message: 'The distro redis@7 is there twice, in a.json and in b.json',
      subject: { file: 'b.json' },
    });
  });
});
