import { describe, expect, it } from 'vitest';
import { sharesHostKey } from '../../../../src/engine/recover/shares-host-key.js';

describe('sharesHostKey', () => {
  it('goes by type and key, not by comments', () => {
    expect(sharesHostKey('ssh-ed25519 AAAA lab-node-0', 'ssh-ed25519 AAAA')).toBe(true);
  });

  it('is content with one key of several', () => {
    expect(sharesHostKey('ssh-rsa BBBB\nssh-ed25519 AAAA\n', 'ssh-ed25519 AAAA x')).toBe(true);
  });

  it.each([
    ['ssh-ed25519 AAAA', 'ssh-ed25519 AAAB'],
    ['ssh-ed25519 AAAA', 'ssh-rsa AAAA'],
    ['', ''],
    ['ssh-ed25519', 'ssh-ed25519'],
  ])('tells %j and %j apart', (one, other) => {
    expect(sharesHostKey(one, other)).toBe(false);
  });
});
