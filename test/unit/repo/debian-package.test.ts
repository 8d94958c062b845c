import { describe, expect, it } from 'vitest';
import { parsePrintedUris } from '../../../src/repo/build/debian-package.js';

const SUM = 'a8368dfd04f0dc8f6c9234fd99069106a9be0a60f7a71e6d212ab7629cd1e1a3';

describe('parsePrintedUris', () => {
  it('reads name, version with epoch, size and sum', () => {
    const line = `'http://mirror/pool/n/libnetty-java_4.1.48-7_all.deb' libnetty-java_1%3a4.1.48-7_all.deb 3626988 SHA256:${SUM}`;

    expect(parsePrintedUris(`${line}\n`)).toEqual([
      {
        name: 'libnetty-java',
        version: '1:4.1.48-7',
        fileName: 'libnetty-java_1%3a4.1.48-7_all.deb',
        sizeBytes: 3626988,
        sha256: SUM,
      },
    ]);
  });

  it('skips what is no such line', () => {
    expect(parsePrintedUris("Reading package lists...\n'http://x/a.deb' a_1_all.deb 5 MD5Sum:00\n")).toEqual([]);
  });
});
