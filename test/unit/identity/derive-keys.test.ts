import { sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/errors/secret.js';
import { deriveKey, ed25519FromSeed } from '../../../src/identity/derive-keys.js';

const IDENTITY = new Secret('AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0');

describe('deriveKey', () => {
  // A change of these values voids every signature and every recorded digest of secret content in the world.
  it.each([
    ['bde/v1/sign', '3431b8cb844b92084cf045aba4e7ff8d7c1486cdfc174bde3bbb577201f20eac'],
    ['bde/v1/recovery-ssh', '149861e9fc9467ead638b19133744cbbe7934214bb8a96f1e4dad9b6cb881717'],
    ['bde/v1/mac/cluster C1', '4ac5f2dfdb406d9093b3bd70eae4432b74803380f049ad3aeff67f9506baf9b7'],
  ] as const)('gives the key that it always gave for %s', (context, expected) => {
    expect(deriveKey(IDENTITY, context).toString('hex')).toBe(expected);
  });
});

describe('ed25519FromSeed', () => {
  it('makes the key pair of the first test vector of RFC 8032', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');

    const key = ed25519FromSeed(seed);

    expect(key.publicBytes.toString('hex')).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect(sign(null, Buffer.alloc(0), key.privateKey).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('signs so that its public half verifies', () => {
    const key = ed25519FromSeed(deriveKey(IDENTITY, 'bde/v1/sign'));
    const signature = sign(null, Buffer.from('hello'), key.privateKey);

    expect(verify(null, Buffer.from('hello'), key.publicKey, signature)).toBe(true);
  });
});
