import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applySite, readSiteOf, siteNameOf } from '../../../src/cli/services/read-site-file.js';
import type { ProviderDescription } from '../../../src/engine/ports/provider.js';
import { EMPTY_SITE } from '../../../src/spec/site/site.js';

const LOCAL: ProviderDescription = {
  name: 'local',
  cloneKinds: ['linked'],
  cpu: 'capped',
  memory: 'capped',
  disk: 'capped',
  sizes: { SMALL: { cpuCount: 1, memoryMiB: 1024, diskGiB: 10 } },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-site-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function siteFile(text: string): string {
  const path = join(folder, 'bde.yaml');
  writeFileSync(path, text);
  return path;
}

describe('applySite', () => {
  it("keeps the provider's own sizes where the site says nothing", () => {
    expect(applySite(EMPTY_SITE, undefined, LOCAL)).toEqual({ sizes: LOCAL.sizes, warnings: [] });
  });

  it("lets the site's sizes go over the provider's own", async () => {
    const path = siteFile(
      [
        'formatVersion: 1',
        'providers:',
        '  lab:',
        '    kind: local',
        '    sizes: { SMALL: { cpuCount: 1, memoryMiB: 768, diskGiB: 6 } }',
      ].join('\n'),
    );

    const { sizes } = applySite(await readSiteOf(path), 'lab', LOCAL);

    expect(sizes['SMALL']).toEqual({ cpuCount: 1, memoryMiB: 768, diskGiB: 6 });
  });

  it('says which parts of the site this provider does not act on', async () => {
    const path = siteFile('formatVersion: 1\ncaCertificates: [/etc/ssl/corp.pem]\nmirror: { address: 10.0.0.1 }\n');

    expect(applySite(await readSiteOf(path), undefined, LOCAL).warnings).toEqual([
      "the site file's caCertificates is not used by the provider local",
      "the site file's mirror is not used by the provider local",
    ]);
  });

  it('refuses a provider that nobody knows and names the nearest', () => {
    expect(() => applySite(EMPTY_SITE, 'locl', LOCAL)).toThrow(
      'There is no provider locl; this bde makes machines with local; did you mean "local"?.',
    );
  });

  it('refuses a provider of a kind that is not built in', async () => {
    const path = siteFile('formatVersion: 1\nproviders:\n  lab: { kind: vsphere }\n');

    await expect(readSiteOf(path).then((site) => applySite(site, 'lab', LOCAL))).rejects.toThrow(
      'The provider lab is of kind vsphere; this bde makes machines with local',
    );
  });
});

describe('siteNameOf', () => {
  const SITE = { ...EMPTY_SITE, providers: { metal: entry('static'), lab: entry('local'), attic: entry('local') } };

  function entry(kind: string) {
    return { kind, network: null, sizes: {}, settings: {} };
  }

  it.each([
    ['metal', 'metal', 'metal'],
    ['local', 'attic', 'attic'],
    ['local', 'metal', 'lab'],
    ['other', 'metal', 'other'],
  ])('of %s, where new clusters go to %s, is %s', (provider, defaultProvider, expected) => {
    expect(siteNameOf(provider, { ...SITE, defaultProvider })).toBe(expected);
  });
});

describe('readSiteOf', () => {
  it('refuses a named file that is not there', async () => {
    await expect(readSiteOf(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
