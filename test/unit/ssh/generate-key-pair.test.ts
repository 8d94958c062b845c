import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { generateKeyPair } from '../../../src/ssh/generate-key-pair.js';

describe('generateKeyPair', () => {
  it('makes 600 pairs that ssh2 reads, private and public half alike', () => {
    const unreadable = Array.from({ length: 600 }, () => generateKeyPair('bde')).filter((pair) => {
      const [secret, open] = [
        ssh2.utils.parseKey(pair.privateOpenSsh.reveal()),
        ssh2.utils.parseKey(pair.publicOpenSsh),
      ];
      return secret instanceof Error || open instanceof Error || !secret.getPublicSSH().equals(open.getPublicSSH());
    });

    expect(unreadable).toEqual([]);
  });

  it('keeps the comment in both halves', () => {
    const pair = generateKeyPair('bde cluster demo');
    const secret = ssh2.utils.parseKey(pair.privateOpenSsh.reveal());

    expect(pair.publicOpenSsh).toMatch(/^ssh-ed25519 \S+ bde cluster demo$/);
    expect(secret).toMatchObject({ comment: 'bde cluster demo', type: 'ssh-ed25519' });
  });

  it('shows no private half by accident', () => {
    expect(JSON.stringify(generateKeyPair('x'))).toMatch(
      /^\{"privateOpenSsh":"\[secret\]","publicOpenSsh":"ssh-ed25519 /,
    );
  });
});
