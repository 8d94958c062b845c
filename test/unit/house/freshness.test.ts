import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFingerprint, isBuildFresh, missingHostFiles } from '../../../scripts/freshness.cjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bde-fresh-'));
  for (const folder of ['src/cli', 'src/generated', 'scripts', 'dist', 'node_modules'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'src/cli/main.ts'), 'main');
  writeFileSync(join(root, 'node_modules/.bde-stamp'), 'lock');
  writeFileSync(join(root, 'dist/.stamp'), buildFingerprint(root));
});

afterEach(() => rmSync(root, { recursive: true }));

describe('isBuildFresh', () => {
  it('is true right after a build', () => {
    expect(isBuildFresh(root)).toBe(true);
  });

  it('is false once a source has another size', () => {
    writeFileSync(join(root, 'src/cli/main.ts'), 'longer');

    expect(isBuildFresh(root)).toBe(false);
  });

  it('is false once a source was touched', () => {
    utimesSync(join(root, 'src/cli/main.ts'), 1000, 1000);

    expect(isBuildFresh(root)).toBe(false);
  });

  it('is false once a source is new or gone', () => {
    writeFileSync(join(root, 'src/new.ts'), '');
    expect(isBuildFresh(root)).toBe(false);

    rmSync(join(root, 'src/new.ts'));
    rmSync(join(root, 'src/cli/main.ts'));
    expect(isBuildFresh(root)).toBe(false);
  });

  it('does not look at what the build itself generates', () => {
    writeFileSync(join(root, 'src/generated/validators.js'), 'made');

    expect(isBuildFresh(root)).toBe(true);
  });

  it('is false while either stamp is missing', () => {
    rmSync(join(root, 'node_modules/.bde-stamp'));

    expect(isBuildFresh(root)).toBe(false);
  });

  it('trusts the build of a folder without sources', () => {
    rmSync(join(root, 'src'), { recursive: true });

    expect(isBuildFresh(root)).toBe(true);
  });
});

describe('missingHostFiles', () => {
  it('lists the files that are not there', () => {
    writeFileSync(
      join(root, 'scripts/host-packages.txt'),
      '# comment\n/bin/sh dash\n/nowhere/to/be/found some-package\n',
    );

    expect(missingHostFiles(root)).toEqual(['/nowhere/to/be/found']);
  });
});
