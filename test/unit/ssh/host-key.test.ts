import { describe, expect, it } from 'vitest';
import { fingerprintOf, parseHostKey } from '../../../src/ssh/host-key.js';

// A host key that its owner publishes together with its fingerprint.
const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl github.com';
const FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';

describe('parseHostKey', () => {
  it('gives type and blob of a public key line', () => {
    const key = parseHostKey(`${LINE}\n`, 'n');

    expect([key.type, key.blob.length, fingerprintOf(key.blob)]).toEqual(['ssh-ed25519', 51, FINGERPRINT]);
  });

  it.each([
    '',
    'ssh-ed25519',
    'ssh-ed25519 ***',
    'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
  ])('refuses %j', (line) => {
    expect(() => parseHostKey(line, 'demo-zk-1')).toThrow(
      `the host key recorded for demo-zk-1 is no OpenSSH public key line`,
    );
  });
});
