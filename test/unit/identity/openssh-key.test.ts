import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { ed25519FromSeed } from '../../../src/identity/derive-keys.js';
import { privateOpenSsh, publicOpenSsh } from '../../../src/identity/openssh-key.js';

const KEY = ed25519FromSeed(Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'));

function parse(text: string): ssh2.ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw parsed;
  return parsed;
}

describe('openssh key', () => {
  it('writes a public key line that ssh2 reads', () => {
    const line = publicOpenSsh(KEY, 'bde-recovery');

    expect(line).toBe('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea bde-recovery');
    expect(parse(line)).toMatchObject({ type: 'ssh-ed25519', comment: 'bde-recovery' });
  });

  it.each(['', 'a', 'bde-recovery', 'x'.repeat(9), 'a comment of some length'])(
    'writes a private key that ssh2 reads and signs with, comment "%s"',
    (comment) => {
      const parsed = parse(privateOpenSsh(KEY, comment).reveal());

      const signature = parsed.sign(Buffer.from('hello'));

      expect(parsed).toMatchObject({ type: 'ssh-ed25519', comment });
      expect(parsed.isPrivateKey()).toBe(true);
      expect(parse(publicOpenSsh(KEY, comment)).verify(Buffer.from('hello'), signature)).toBe(true);
    },
  );

  it('writes the same key as the same text in lines of 70', () => {
    const text = privateOpenSsh(KEY, 'c').reveal();
    const lines = text.split('\n');

    expect(text).toBe(privateOpenSsh(KEY, 'c').reveal());
    expect(lines[0]).toBe('-----BEGIN OPENSSH PRIVATE KEY-----');
    expect(lines[1]).toHaveLength(70);
    expect(lines.at(-1)).toBe('');
  });

  it('hides the private key from whoever prints it', () => {
    expect(String(privateOpenSsh(KEY, 'c'))).toBe('[secret]');
  });
});
