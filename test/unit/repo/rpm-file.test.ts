import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/errors/ids.js';
import { digestPackages, rpmFileName, withoutTwins, type RpmFile } from '../../../src/repo/packages/rpm-file.js';

function file(nevra: string, digest: string, path = `/x/${nevra}.rpm`): RpmFile {
  const name = nevra.split('-')[0] ?? '';
  return { name, nevra, digest: digest as Digest, path, architecture: 'noarch', isSource: false };
}

describe('rpmFileName', () => {
  it('leaves the epoch out', () => {
    expect(rpmFileName(file('netty-1:4.1-7.noarch', 'd'))).toBe('netty-4.1-7.noarch.rpm');
    expect(rpmFileName(file('java-17.0+9-1.x86_64', 'd'))).toBe('java-17.0+9-1.x86_64.rpm');
  });
});

describe('withoutTwins', () => {
  it('sorts by edition and takes equal content once', () => {
    const files = [file('b-1-1.noarch', 'd1'), file('a-1-1.noarch', 'd2'), file('b-1-1.noarch', 'd1', '/y/b.rpm')];

    expect(withoutTwins(files).map(({ path }) => path)).toEqual(['/x/a-1-1.noarch.rpm', '/x/b-1-1.noarch.rpm']);
  });

  it('names both files when one edition has two contents', () => {
    const files = [file('a-1-1.noarch', 'd1', '/x/a.rpm'), file('a-1-1.noarch', 'd2', '/y/a.rpm')];

    expect(() => withoutTwins(files)).toThrow('/x/a.rpm and /y/a.rpm are both a-1-1.noarch, with different content.');
  });
});

describe('digestPackages', () => {
  it('does not depend on order or place', () => {
    const [a, b] = [file('a-1-1.noarch', 'd1'), file('b-1-1.noarch', 'd2')];

    expect(digestPackages([b, { ...a, path: '/elsewhere' }])).toBe(digestPackages([a, b]));
  });

  it('changes with one content', () => {
    const [a, b] = [file('a-1-1.noarch', 'd1'), file('a-1-1.noarch', 'd2')];

    expect(digestPackages([a])).not.toBe(digestPackages([b]));
  });
});
