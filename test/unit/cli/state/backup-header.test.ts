import { describe, expect, it } from 'vitest';
import { openHeader, signHeader, type BackupHeader } from '../../../../src/cli/services/state/backup-header.js';
import type { Digest } from '../../../../src/errors/ids.js';
import { plainSealer } from '../../../fakes/plain-sealer.js';

const HEADER: BackupHeader = {
  formatVersion: 1,
  createdAt: 1_000,
  home: { path: '/var/lib/bde', key: 'abcdef01' },
  clusters: [{ name: 'lab', id: '01C1', epoch: 3 }],
  parts: { 'state.age': 'aa' as Digest },
};
const sealer = plainSealer();

describe('openHeader', () => {
  it('gives back what was signed', () => {
    expect(openHeader(sealer, signHeader(sealer, HEADER), 'f')).toEqual(HEADER);
  });

  it('refuses one with another sum in it', () => {
    const changed = signHeader(sealer, HEADER).replace('"aa"', '"bb"');

    expect(() => openHeader(sealer, changed, 'f')).toThrow(
      'The backup f is not signed by the operator identity /nowhere: another one made it, or it was changed.',
    );
  });

  it('refuses one of a newer format and names both', () => {
    const newer = signHeader(sealer, { ...HEADER, formatVersion: 2 as 1 });

    expect(() => openHeader(sealer, newer, 'f')).toThrow('The backup f is of format 2; this bde reads 1.');
  });

  it.each(['', 'null', '{}', '[1]', '{"header":{}}'])('refuses %j, which is none', (text) => {
    expect(() => openHeader(sealer, text, 'f')).toThrow('The backup f begins with nothing that bde wrote.');
  });
});
